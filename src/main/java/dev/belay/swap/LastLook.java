package dev.belay.swap;

import java.util.List;

/**
 * What is done in the window of a swap, when nobody but Belay is with the live database and nobody
 * can come: its sessions are opened before, since none can be opened then. The live database waits
 * meanwhile, so it must be bounded.
 */
public interface LastLook {
  /** Nothing is done. */
  LastLook NONE =
      new LastLook() {
        @Override
        public List<Integer> open() {
          return List.of();
        }

        @Override
        public void look() {}

        @Override
        public void close() {}
      };

  /**
   * Opens its sessions with the live database and its replacement.
   *
   * @return their server processes, which the window leaves alone until the look is over
   * @throws dev.belay.core.Failure when it cannot; then nothing was closed yet
   */
  List<Integer> open();

  /**
   * Looks. It is called once, and what breaks in it is its own to tell.
   *
   * @throws dev.belay.core.Failure when the swap must not go on; all is then as before
   */
  void look();

  /** Ends its sessions, whether it looked or not. */
  void close();
}
