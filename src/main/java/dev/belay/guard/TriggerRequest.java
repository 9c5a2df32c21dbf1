package dev.belay.guard;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trigger script is made of.
 *
 * @param belay the program, by its whole path
 * @param common options of every belay that it runs: configuration and database
 * @param command its words, as they were given
 * @param directory where everything runs
 * @param log where what happens is written down
 * @param secrets a file of variables that is read when it is there
 * @param timeLimit of the command, as it was given
 * @param variables that are set, none of them secret
 * @param secretNames variables that hold secrets and are not written down
 */
record TriggerRequest(
    Path belay,
    List<String> common,
    List<String> command,
    Path directory,
    Path log,
    Path secrets,
    String name,
    TriggerPolicy policy,
    boolean notifies,
    boolean backup,
    Optional<String> timeLimit,
    Map<String, String> variables,
    List<String> secretNames) {}
