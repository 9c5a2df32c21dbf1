package dev.belay.verify;

/**
 * Something of which it is not known whether it keeps a promise.
 *
 * @param check the id of the check
 * @param what the table or view; empty: all of the check
 */
record NotChecked(String check, String what, String reason, String hint) {}
