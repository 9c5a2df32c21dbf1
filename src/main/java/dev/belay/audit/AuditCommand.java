package dev.belay.audit;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Since;
import dev.belay.journal.AuditTrail;
import dev.belay.report.Report;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay audit}: who changed what. Reads only. */
@Command(
    name = "audit",
    description = "Show who changed what with belay, and prove that the record is whole.",
    footer = {
      "",
      "Every operation that changes something is recorded before it does, with who,",
      "where, its arguments without secrets and the digest of the plan that was",
      "agreed to, and again when it ended. Each line has the hash of the one before.",
      "A chain alone cannot show that its end was cut off, or that all of it was",
      "written anew: keep the head that is shown elsewhere, and give it to --head.",
      "",
      "Examples:",
      "  belay audit",
      "  belay audit --since 7d --output json",
      "  belay audit --verify",
      "  belay audit --verify --head \"$(cat /mnt/elsewhere/audit.head)\""
    })
public final class AuditCommand extends ReportCommand {
  private static final int MOST = 10_000;

  @Option(
      names = "--limit",
      paramLabel = "<number>",
      description = "Show so many of the newest operations (default: 50, at most 10000).")
  private int limit = 50;

  @Option(
      names = "--since",
      paramLabel = "<moment>",
      description =
          "Only those from then on: 2026-11-01, 2026-11-01T08:30:00Z, or 7d for days ago.")
  private @Nullable String since;

  @Option(names = "--verify", description = "Look at every line: exit 10 when one is not right.")
  private boolean verify;

  @Option(
      names = "--head",
      paramLabel = "<hash>",
      description = "With --verify: a head that was kept elsewhere and must be one of the lines'.")
  private @Nullable String head;

  public AuditCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    Audit audit = new Audit(AuditTrail.in(settings.folders().journal()));
    if (verify) {
      if (since != null) {
        throw Failure.usage(
            "--verify looks at every line, and --since at some", "belay audit --verify");
      }
      return audit.verify(Optional.ofNullable(head).map(AuditCommand::hash));
    }
    if (head != null) {
      throw Failure.usage(
          "--head is given without --verify", "belay audit --verify --head " + head);
    }
    if (limit < 1 || limit > MOST) {
      throw Failure.usage("--limit is " + limit, "give a number from 1 to " + MOST);
    }
    return audit.list(
        limit, Optional.ofNullable(since).map(given -> Since.parse(given, Instant.now())));
  }

  private static String hash(String given) {
    String plain = given.strip().toLowerCase(Locale.ROOT);
    if (!plain.matches("[0-9a-f]{64}")) {
      throw Failure.usage(
          "--head is '" + given + "', which is no hash of 64 hexadecimal digits",
          "see the hash with: belay audit");
    }
    return plain;
  }
}
