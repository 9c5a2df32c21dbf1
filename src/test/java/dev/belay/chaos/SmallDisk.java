package dev.belay.chaos;

import dev.belay.support.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk of its own for a folder, which can be filled. Only programs that are started through it
 * see it; when it is closed, what lies on it is in the folder.
 */
final class SmallDisk implements AutoCloseable {
  private final Path folder;
  private final Process holder;
  private final int slackKilobytes;

  private SmallDisk(Path folder, Process holder, int slackKilobytes) {
    this.folder = folder;
    this.holder = holder;
    this.slackKilobytes = slackKilobytes;
  }

  /**
   * Makes it, with what is in the folder.
   *
   * @param slackKilobytes so much is left when it is full
   */
  static SmallDisk under(Path folder, int slackKilobytes) {
    try {
      Process holder =
          new ProcessBuilder(
                  "unshare",
                  "-rm",
                  "sh",
                  "-c",
                  """
                  cp -a "$0" "$0.copy" && mount -t tmpfs -o size=64m,mode=0700 tmpfs "$0" &&
                    cp -a "$0.copy/." "$0/" && rm -r "$0.copy" && echo mounted && exec cat
                  """,
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
      if (!"mounted".equals(said.readLine())) {
        throw new AssertionError("no disk could be mounted at " + folder);
      }
      return new SmallDisk(folder, holder, slackKilobytes);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** The command that runs this one where the disk is seen; its process is the same. */
  List<String> seenBy(List<String> command) {
    List<String> whole =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--preserve-credentials",
                "-U",
                "-m",
                "-t",
                String.valueOf(holder.pid()),
                "sh",
                "-c",
                "cd \"$0\" && exec \"$@\"",
                folder.toString()));
    whole.addAll(command);
    return whole;
  }

  /** Fills it. */
  void fill() {
    Programs.run(
        seenBy(
                List.of(
                    "sh",
                    "-c",
                    "dd if=/dev/zero of=filler bs=64k 2>/dev/null; truncate -s -%dk filler"
                        .formatted(slackKilobytes)))
            .toArray(String[]::new));
  }

  @Override
  public void close() {
    Path back = Path.of(folder + ".back");
    try {
      Programs.run(
          seenBy(List.of("sh", "-c", "rm -f filler && cp -a . \"$0\"", back.toString()))
              .toArray(String[]::new));
      Programs.run(
          "sh",
          "-c",
          "find \"$0\" -mindepth 1 -delete && cp -a \"$1/.\" \"$0/\" && rm -r \"$1\"",
          folder.toString(),
          back.toString());
    } finally {
      holder.destroyForcibly();
    }
  }
}
