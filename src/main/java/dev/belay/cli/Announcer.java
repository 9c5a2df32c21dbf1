package dev.belay.cli;

import java.util.List;

/**
 * Tells people of what operations do. What goes wrong with that never changes what an operation
 * does or how it ends, so none of these methods throws, and none takes longer than a minute.
 */
public interface Announcer {
  /** Something that is to be told while the operation goes on; sent in the background. */
  void announced(Facts facts, Announcement announcement);

  /** A command ended, its answer is written. Also told of commands that only look. */
  void ended(Facts facts, Outcome outcome);

  /** Nobody is told anything. */
  static Announcer silent() {
    return new Announcer() {
      @Override
      public void announced(Facts facts, Announcement announcement) {
        // Nobody is to be told.
      }

      @Override
      public void ended(Facts facts, Outcome outcome) {
        // Nobody is to be told.
      }
    };
  }

  /** Tells all of them, one after the other. */
  static Announcer all(List<Announcer> announcers) {
    return new Announcer() {
      @Override
      public void announced(Facts facts, Announcement announcement) {
        announcers.forEach(each -> each.announced(facts, announcement));
      }

      @Override
      public void ended(Facts facts, Outcome outcome) {
        announcers.forEach(each -> each.ended(facts, outcome));
      }
    };
  }
}
