package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadingSharesTest {
  private static final int MEGABYTE = 1 << 20;

  private static final List<String> LINES =
      List.of(
          "; Archive created at",
          "215; 1259 16385 TABLE public small owner",
          "3370; 0 16385 TABLE DATA public small owner",
          "3371; 0 16386 TABLE DATA public big owner",
          "3372; 0 16387 TABLE DATA public middle owner",
          "3373; 0 16388 TABLE DATA public raw owner",
          "3374; 0 16389 TABLE DATA public lost owner",
          "3380; 0 0 SEQUENCE SET public small_id_seq owner",
          "3200; 2606 16390 CONSTRAINT public small small_pkey owner");

  @TempDir private Path folder;

  @Test
  void everyEntryIsInOneShareAndTheBiggestAreApart() throws IOException {
    file("3370.dat.gz", 1);
    file("3371.dat.zst", 20);
    file("3372.dat.gz", 12);
    file("3373.dat", 7);
    List<Set<String>> shares = shares(2);
    assertThat(shares).hasSize(2);
    assertThat(shares.get(0))
        .containsExactlyInAnyOrder(
            "TABLE public small owner",
            "TABLE DATA public big owner",
            "TABLE DATA public lost owner",
            "SEQUENCE SET public small_id_seq owner",
            "CONSTRAINT public small small_pkey owner");
    assertThat(shares.get(1))
        .containsExactlyInAnyOrder(
            "TABLE DATA public middle owner",
            "TABLE DATA public raw owner",
            "TABLE DATA public small owner");
  }

  @Test
  void noMoreSharesThanTablesOrThanAreWorthIt() throws IOException {
    file("3371.dat.gz", 100);
    assertThat(shares(16)).hasSize(5);
    file("3371.dat.gz", 13);
    assertThat(shares(16)).hasSize(3);
    file("3371.dat.gz", 7);
    assertThat(ReadingShares.of(Contents.parse(LINES), folder, 16)).hasSize(1);
    assertThat(shares(16).get(0)).hasSize(8);
  }

  private List<Set<String>> shares(int jobs) throws IOException {
    Contents contents = Contents.parse(LINES);
    return ReadingShares.of(contents, folder, jobs).stream()
        .map(
            share -> {
              Set<String> taken = new TreeSet<>();
              contents.entries().forEach(entry -> taken.add(entry.text()));
              share.leftOut().forEach(taken::remove);
              return taken;
            })
        .toList();
  }

  private void file(String name, int megabytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength((long) megabytes * MEGABYTE);
    }
  }
}
