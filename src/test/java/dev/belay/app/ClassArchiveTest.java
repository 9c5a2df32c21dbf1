package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassArchiveTest {
  @Test
  void listsClassesThatAreStillThere() throws IOException {
    List<String> listed = ClassArchive.listed();
    List<String> gone = listed.stream().filter(name -> !exists(name)).toList();

    assertThat(listed).hasSizeGreaterThan(500);
    assertThat(gone)
        .as("the list is stale, make it anew with scripts/class-list; gone")
        .hasSizeLessThan(listed.size() / 20);
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, ClassArchiveTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError gone) {
      return false;
    }
  }
}
