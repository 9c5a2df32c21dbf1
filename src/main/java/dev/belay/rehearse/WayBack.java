package dev.belay.rehearse;

import dev.belay.report.ToPaste;

/**
 * How long a way back takes.
 *
 * @param way {@code undo}, {@code restore} or {@code restore-and-swap}
 * @param millis as measured; of a guess the guess
 * @param liveMillis for the size of the live database
 * @param measured whether it was measured, and not guessed
 * @param basis what it is based on, in words
 * @param loses what is lost on this way, in words
 * @param command what is typed
 */
public record WayBack(
    String way,
    long millis,
    long liveMillis,
    boolean measured,
    String basis,
    String loses,
    @ToPaste String command) {}
