package dev.belay.points;

import dev.belay.core.RunId;
import dev.belay.journal.Holder;

/** Who is at the keyboard, as a record of a point names them. */
final class Who {
  private Who() {}

  /** {@code user@host} of this process. */
  static String here() {
    Holder self = Holder.here(RunId.fresh(), "");
    return self.user() + "@" + self.host();
  }
}
