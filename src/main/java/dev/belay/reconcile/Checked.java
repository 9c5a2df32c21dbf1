package dev.belay.reconcile;

import java.util.List;

/**
 * One check of the database at the end.
 *
 * @param check its id, as verify-integrity knows it
 * @param complaint what is wrong when it finds something
 * @param problems how many were found, exactly
 * @param shown the first of them, in words
 */
public record Checked(String check, String complaint, long problems, List<String> shown) {
  public Checked {
    shown = List.copyOf(shown);
  }
}
