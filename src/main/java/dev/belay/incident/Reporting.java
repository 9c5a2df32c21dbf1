package dev.belay.incident;

import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the page of one operation. Reads only, and reaches no server. */
final class Reporting {
  private static final String LATEST = "latest";

  private final Settings settings;
  private final Surroundings surroundings;

  Reporting(Settings settings, Surroundings surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
  }

  /**
   * Makes it.
   *
   * @param which a run, the beginning of its name, {@code latest}, or a file
   * @param out empty: a name of its own in the working directory
   * @throws Failure when there is nothing to make it of, or it cannot be written
   */
  OperationReport report(String which, Optional<String> out) {
    Optional<Path> named = out.map(this::path);
    named.ifPresent(NewFile::refuseTaken);
    Account account = account(which);
    Path file =
        named.orElseGet(
            () ->
                NewFile.free(
                    surroundings.directory(),
                    "belay_report_" + account.name().replaceAll("[^A-Za-z0-9._-]+", "_"),
                    ".html"));
    Secrets secrets = Secrets.of(settings, surroundings.environment());
    long bytes =
        NewFile.write(
            file,
            into -> {
              Writer text = new OutputStreamWriter(into, StandardCharsets.UTF_8);
              AccountPage.write(account, secrets, text);
              text.flush();
            });
    return new OperationReport(
        file.toString(),
        bytes,
        account.title(),
        account.kind().equals("Operation") ? account.name() : null,
        account.verdict().words(),
        account.timeline().size(),
        account.samples().stream().mapToInt(each -> each.charts().size()).sum(),
        account.sources(),
        account.missing());
  }

  private Account account(String which) {
    Path folder = settings.folders().journal();
    if (which.equals(LATEST)) {
      return ofRun(
          new Runs(folder)
              .latest()
              .orElseThrow(
                  () ->
                      Failure.unavailable(
                          "no operation is on record in " + folder,
                          "run belay where its configuration is, or name a file: belay report <file>"))
              .run());
    }
    if (Runs.NAME.matcher(which).matches() && !Files.exists(path(which))) {
      return ofRun(new Runs(folder).named(which));
    }
    return new GivenFile(settings, path(which)).account();
  }

  /** The page's content of that run. */
  Account ofRun(String run) {
    return new RunAccount(RunFiles.read(settings, run, Optional.empty())).account();
  }

  /**
   * The page's content of that run.
   *
   * @param runs that were looked up already
   * @param whole whether with the log and what was measured
   */
  Account ofRun(String run, Runs runs, boolean whole) {
    return new RunAccount(RunFiles.read(settings, runs, run, Optional.empty(), whole)).account();
  }

  private Path path(String text) {
    try {
      return surroundings.directory().resolve(text);
    } catch (InvalidPathException wrong) {
      throw Failure.usage(
          "'%s' is no name of a file: %s".formatted(text, wrong.getReason()),
          "name a run or a file: belay report latest");
    }
  }
}
