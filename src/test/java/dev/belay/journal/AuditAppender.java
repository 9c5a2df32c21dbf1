package dev.belay.journal;

import java.nio.file.Path;

/** A process that adds records to the trail in its working directory. */
public final class AuditAppender {
  private AuditAppender() {}

  /** So many, under that name of a run. */
  public static void main(String[] arguments) {
    AuditTrail trail = AuditTrail.in(Path.of("").toAbsolutePath());
    for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
      trail.append(
          AuditRecord.here(AuditRecord.BEGUN, arguments[0], "append").saying("ü " + number));
    }
  }
}
