package dev.belay.reconcile;

import java.util.List;

/**
 * One check of the database at the end.
 *
 * @param check what was checked, in words
 * @param problems how many were found, exactly
 * @param shown the first of them, in words
 */
public record Checked(String check, long problems, List<String> shown) {
  public Checked {
    shown = List.copyOf(shown);
  }
}
