package dev.belay.rehearse;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a rehearsal found out.
 *
 * @param database the live one, as {@code database@host:port}
 * @param mode {@code pending}: applied and taken back; {@code applied}: taken back and applied
 *     again
 * @param rehearsedAt when it began
 * @param origin what the copy was made of; empty when there was nothing to rehearse
 * @param baseline what the probe felt while nothing happened
 * @param probed the tables that the probe worked with
 * @param kept the name of the copy that stays
 * @param files where this report was written
 */
public record RehearseReport(
    String database,
    String app,
    String mode,
    Instant rehearsedAt,
    Optional<Origin> origin,
    List<RehearsedMigration> migrations,
    Optional<ProbeFigures> baseline,
    List<String> probed,
    List<WayBack> waysBack,
    @ToPaste List<String> notes,
    Optional<String> kept,
    List<String> files)
    implements Report {
  public RehearseReport {
    migrations = List.copyOf(migrations);
    probed = List.copyOf(probed);
    waysBack = List.copyOf(waysBack);
    notes = List.copyOf(notes);
    files = List.copyOf(files);
  }

  /** The worst verdict; empty when there was nothing to rehearse. */
  @JsonProperty
  public Optional<Verdict> verdict() {
    return migrations.stream().map(RehearsedMigration::verdict).min(Comparator.naturalOrder());
  }

  @Override
  public ExitCode exitCode() {
    return migrations.stream().allMatch(each -> each.verdict().isGood())
        ? ExitCode.OK
        : ExitCode.FINDINGS;
  }

  /** The same, written there. */
  RehearseReport in(List<String> written) {
    return new RehearseReport(
        database,
        app,
        mode,
        rehearsedAt,
        origin,
        migrations,
        baseline,
        probed,
        waysBack,
        notes,
        kept,
        written);
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    return new RehearseText(this, toPaste).lines();
  }
}
