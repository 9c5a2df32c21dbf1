package dev.belay.conflicts;

import java.util.List;

/**
 * One way out of a conflict.
 *
 * @param what to do, as a sentence without its full stop
 * @param consequence what follows from it
 * @param commands to type; empty: there is none that is always right
 */
record Choice(String what, String consequence, List<String> commands) {
  Choice {
    commands = List.copyOf(commands);
  }
}
