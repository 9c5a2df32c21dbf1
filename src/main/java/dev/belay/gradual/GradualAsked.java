package dev.belay.gradual;

import java.util.List;

/**
 * What the operator asked for, together with what was asked for when a run was begun.
 *
 * @param options as they can be given again
 * @param command that goes on with the same, to be pasted
 * @param atOnce the command that undoes the same all at once, to be pasted
 */
record GradualAsked(GradualRequest request, List<String> options, String command, String atOnce) {
  GradualAsked {
    options = List.copyOf(options);
  }

  /** Puts both together. */
  @FunctionalInterface
  interface Asking {
    /**
     * What was asked for now wins.
     *
     * @param earlier options of the run that it goes on with
     */
    GradualAsked with(List<String> earlier);
  }
}
