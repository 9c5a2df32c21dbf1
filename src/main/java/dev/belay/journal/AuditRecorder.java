package dev.belay.journal;

import dev.belay.cli.Recorder;
import dev.belay.core.RunId;
import java.util.List;

/** Records the operations of one run in the audit trail. */
public final class AuditRecorder implements Recorder {
  private final RunId run;

  public AuditRecorder(RunId run) {
    this.run = run;
  }

  @Override
  public RunId run() {
    return run;
  }

  @Override
  public Recording begin(Beginning beginning) {
    AuditTrail trail = AuditTrail.in(beginning.folder());
    long sequence = trail.append(record(AuditRecord.BEGUN, beginning));
    return new Recorded(trail, sequence, beginning);
  }

  @Override
  public void recovered(Beginning by, List<String> done) {
    AuditTrail.in(by.folder())
        .append(record(AuditRecord.RECOVERED, by).saying(String.join("; ", done)));
  }

  private AuditRecord record(String event, Beginning beginning) {
    return AuditRecord.here(event, run.text(), beginning.command())
        .on(
            beginning.target() == null ? null : beginning.target().toString(),
            beginning.target() == null ? null : beginning.target().user())
        .called(beginning.arguments(), beginning.plan());
  }

  /** One operation that is in the trail. */
  private final class Recorded implements Recording {
    private final AuditTrail trail;
    private final long sequence;
    private final Beginning beginning;

    Recorded(AuditTrail trail, long sequence, Beginning beginning) {
      this.trail = trail;
      this.sequence = sequence;
      this.beginning = beginning;
    }

    @Override
    public void agreed(String plan) {
      trail.append(
          AuditRecord.here(AuditRecord.AGREED, run.text(), beginning.command())
              .called(null, plan)
              .of(sequence));
    }

    @Override
    public void ended(Ending ending) {
      trail.append(
          AuditRecord.here(AuditRecord.ENDED, run.text(), beginning.command())
              .of(sequence)
              .ending(
                  ending.exitCode() == null ? AuditRecord.SIGNAL : ending.exitCode().name(),
                  ending.exitCode() == null ? null : ending.exitCode().status(),
                  ending.databaseChanged(),
                  ending.duration().toMillis())
              .saying(ending.message()));
    }
  }
}
