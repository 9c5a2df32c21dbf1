package dev.belay.cli;

/**
 * A command that has a dry run though it changes nothing that Belay protects: it is neither
 * recorded nor accompanied, so that it works also where nothing can be written.
 */
public interface Unrecorded {}
