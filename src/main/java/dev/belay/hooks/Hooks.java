package dev.belay.hooks;

import dev.belay.cli.Facts;
import dev.belay.cli.Logging;
import dev.belay.cli.Outcome;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.report.Remark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's command lines around an operation, without a shell. May be used by the thread
 * of the operation and by the one that ends the program.
 */
final class Hooks {
  private static final Logger LOG = LoggerFactory.getLogger(Logging.OPERATOR);

  /** What a shell adds to the number of a signal. */
  private static final int SIGNALS = 128;

  /** How one ended, in words that follow its name. */
  private record Ending(boolean well, String words) {}

  private final Surroundings surroundings;
  private final List<String> commands;
  private final HookProgram programs;
  private volatile boolean begun;

  /**
   * @param commands the words of each command that can have hooks
   */
  Hooks(Surroundings surroundings, List<String> commands) {
    this.surroundings = surroundings;
    this.commands = List.copyOf(commands);
    this.programs = new HookProgram(surroundings);
  }

  /**
   * What is configured.
   *
   * @throws Failure USAGE when it is wrong
   */
  HookSettings settings(Settings settings) {
    return HookSettings.of(settings.section("hooks"), commands);
  }

  /** What would run along with that command. */
  List<String> intends(Settings settings, String command) {
    return settings(settings).of(command).stream()
        .map(hook -> hook.name() + ": " + hook.shown())
        .toList();
  }

  /** Why nothing goes along, in words; what a hook started stays inside of it for ever. */
  String leftOut() {
    return "hooks and health checks are left out: %s says that this runs inside of %s; if it does not: unset %s"
        .formatted(
            HookFacts.NAME,
            surroundings.environment().getOrDefault(HookFacts.NAME, "a hook"),
            HookFacts.NAME);
  }

  /** Hooks that run hooks would never end. */
  boolean isInside() {
    return surroundings.environment().containsKey(HookFacts.NAME);
  }

  /**
   * Runs those that stand before the operation, until one fails.
   *
   * @throws Failure REFUSED when one fails or is missing, USAGE when the configuration is wrong
   */
  void before(Facts facts) {
    begun = false;
    HookSettings configured = settings(facts.settings());
    programs.refuseMissing(configured.of(facts.command()));
    begun = true;
    for (Hook hook : configured.of(facts.command(), HookEvent.BEFORE)) {
      Ending ending = run(facts, hook, HookFacts.of(facts, hook));
      if (!ending.well()) {
        throw Failure.refused(
            "the hook " + hook.name() + " " + ending.words(),
            "see what it printed in "
                + facts.settings().logFile()
                + ", mend it, then run the same command again");
      }
    }
  }

  /** Whether {@link #before} came so far that something may have been stopped. */
  boolean isBegun() {
    return begun;
  }

  /** Runs all that stand after it, also when one of them fails. Never throws. */
  List<Remark> after(Facts facts, Outcome outcome) {
    if (!begun) {
      return List.of();
    }
    HookEvent event = outcome.exitCode() == ExitCode.OK ? HookEvent.AFTER : HookEvent.ON_FAILURE;
    List<Remark> remarks = new ArrayList<>();
    for (Hook hook : settings(facts.settings()).of(facts.command(), event)) {
      Ending ending = run(facts, hook, HookFacts.of(facts, hook, outcome));
      remarks.add(new Remark("hook", hook.name(), ending.words(), !ending.well()));
    }
    return remarks;
  }

  /** Runs one to its end. Never throws. */
  private Ending run(Facts facts, Hook hook, Map<String, String> environment) {
    LOG.info("{}: {}", hook.name(), hook.shown());
    Path output = null;
    try {
      output = Files.createTempFile("belay-hook", ".log");
      ProcessResult result = ProcessRunner.evenAtTheEnd().run(call(hook, environment, output));
      log(facts, hook, output);
      String took = Units.duration(result.duration());
      if (result.succeeded()) {
        LOG.debug("{}: done in {}", hook.name(), took);
        return new Ending(true, "done in %s (%s)".formatted(took, hook.shown()));
      }
      return new Ending(
          false,
          "ended with %s after %s (%s)%s"
              .formatted(status(result), took, hook.shown(), last(facts, result.tail())));
    } catch (Failure failure) {
      if (output != null) {
        log(facts, hook, output);
      }
      return new Ending(false, words(hook, failure));
    } catch (IOException cannot) {
      return new Ending(false, "has no file for its output: " + cannot.getMessage());
    } finally {
      if (output != null) {
        output.toFile().delete();
      }
    }
  }

  private static String status(ProcessResult result) {
    int signal = result.status() - SIGNALS;
    return result.status() + (signal > 0 ? " (signal " + signal + ")" : "");
  }

  private ProcessCall call(Hook hook, Map<String, String> environment, Path output) {
    List<String> words = new ArrayList<>(hook.words());
    programs.find(words.get(0)).ifPresent(file -> words.set(0, file.toString()));
    return new ProcessCall(words, environment, Set.of(), output, hook.timeout(), () -> 0);
  }

  private static String words(Hook hook, Failure failure) {
    return failure.getCause() instanceof PassingTrouble
        ? "took longer than %s and was ended (%s)"
            .formatted(Units.duration(hook.timeout()), hook.shown())
        : "did not run (%s): %s".formatted(hook.shown(), failure.message());
  }

  /** The last line that it printed, which mostly says why. */
  private static String last(Facts facts, String tail) {
    List<String> lines = tail.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty()
        ? ""
        : ": " + HookOutput.shown(lines.get(lines.size() - 1).strip(), secrets(facts));
  }

  private static void log(Facts facts, Hook hook, Path output) {
    // The first line is the command line, as the runner writes it.
    boolean[] first = {true};
    HookOutput.read(
        output,
        0,
        secrets(facts),
        line -> {
          if (!first[0]) {
            LOG.debug("{}: {}", hook.name(), line);
          }
          first[0] = false;
        });
  }

  private static Map<String, String> secrets(Facts facts) {
    Target target = facts.settings().reached();
    return target == null
        ? Map.of()
        : target
            .password()
            .map(Secret::reveal)
            .map(password -> Map.of("password", password))
            .orElse(Map.of());
  }
}
