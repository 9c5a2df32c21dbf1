package dev.belay.swap;

/**
 * What a swap did.
 *
 * @param live the name under which the replacement is live now
 * @param replaced the name under which the former live database is kept
 * @param outageMillis how long the live database accepted no connections, in milliseconds
 * @param sessionsEnded how many sessions were ended for it
 */
public record SwapResult(String live, String replaced, long outageMillis, long sessionsEnded) {}
