package dev.belay.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTest {
  @Test
  void readsListsOfNamesAsTheServerWritesThem() {
    assertThat(Sql.names("app.orders, \"Odd \"\"S, \".\"a.b\"." + "c"))
        .containsExactly("\"app\".\"orders\"", "\"Odd \"\"S, \".\"a.b\".\"c\"");
    assertThat(Sql.names("")).isEmpty();
    assertThat(Sql.names("größe")).containsExactly("\"größe\"");
  }

  @Test
  void aRemarkStaysARemarkWhateverIsInAName() {
    assertThat(Step.remark("a\n; drop table x\r\nb\u0085c"))
        .isEqualTo("-- a\n-- ; drop table x\n-- b\n-- c");
  }

  @Test
  void everyQueryIsReadForEveryMajorVersion() throws Exception {
    File[] files =
        new File(QueryText.class.getResource("schemas.sql").toURI())
            .getParentFile()
            .listFiles((folder, name) -> name.endsWith(".sql"));
    assertThat(files).hasSizeGreaterThan(30);
    for (File file : files) {
      String name = file.getName().replace(".sql", "");
      if (!List.of("everything", "changes", "nothing").contains(name)) {
        assertThat(QueryText.of(name, 12)).startsWith("-- ").doesNotContain("-- since");
        assertThat(QueryText.of(name, 18)).contains("select").doesNotContain("-- until");
      }
    }
  }
}
