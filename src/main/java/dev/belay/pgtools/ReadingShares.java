package dev.belay.pgtools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Divides the entries of an archive in directory format among several {@code pg_restore}, so that
 * reading it takes about equally long in each. Every entry is in exactly one share.
 */
final class ReadingShares {
  /** What one program reads before another has started, in bytes on the disk. */
  private static final long WORTH_ANOTHER = 4 << 20;

  /** What pg_dump gives the file of a table, by its compression. */
  private static final List<String> SUFFIXES = List.of(".dat", ".dat.gz", ".dat.lz4", ".dat.zst");

  private static final class Share {
    private final Set<Contents.Entry> entries = new HashSet<>();
    private long bytes;
  }

  private record Sized(Contents.Entry entry, long bytes) {}

  private ReadingShares() {}

  /**
   * The shares, at most {@code jobs}. The first has everything that is no table's data, too.
   *
   * @throws IOException when the folder cannot be read
   */
  static List<RestoreList> of(Contents contents, Path folder, int jobs) throws IOException {
    List<Sized> biggest = new ArrayList<>();
    for (Contents.Entry entry : contents.entries()) {
      if (entry.is("TABLE DATA")) {
        biggest.add(new Sized(entry, bytes(folder, entry)));
      }
    }
    biggest.sort(Comparator.comparingLong(Sized::bytes).reversed());
    long all = biggest.stream().mapToLong(Sized::bytes).sum();
    long count = Math.min(Math.min(jobs, biggest.size()), all / WORTH_ANOTHER);
    if (count < 2) {
      return List.of(RestoreList.everything());
    }
    List<Share> shares = Stream.generate(Share::new).limit(count).toList();
    for (Sized sized : biggest) {
      Share least =
          shares.stream().min(Comparator.comparingLong(share -> share.bytes)).orElseThrow();
      least.entries.add(sized.entry());
      least.bytes += sized.bytes();
    }
    for (Contents.Entry entry : contents.entries()) {
      if (!entry.is("TABLE DATA")) {
        shares.get(0).entries.add(entry);
      }
    }
    return shares.stream()
        .map(share -> RestoreList.without(contents, entry -> !share.entries.contains(entry)))
        .toList();
  }

  /** A file that is not there has none: pg_restore will say so. */
  private static long bytes(Path folder, Contents.Entry entry) throws IOException {
    String id = entry.line().substring(0, entry.line().indexOf(';'));
    Optional<Path> file =
        SUFFIXES.stream()
            .map(suffix -> folder.resolve(id + suffix))
            .filter(Files::exists)
            .findAny();
    return file.isPresent() ? Files.size(file.get()) : 0;
  }
}
