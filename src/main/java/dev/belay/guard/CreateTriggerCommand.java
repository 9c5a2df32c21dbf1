package dev.belay.guard;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Masking;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.ProgramSearch;
import dev.belay.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay create-trigger}: writes a script that runs a command guarded. */
@Command(
    name = "create-trigger",
    description = "Write a shell script that runs a command, and goes back when it fails.",
    footer = {
      "",
      "The script is for any POSIX shell and for cron: program, configuration, folder",
      "and environment are written into it as they are now, secrets are not. It logs,",
      "passes signals on, and exits with the command's status.",
      "",
      "Examples:",
      "  belay create-trigger -- flyway migrate",
      "  belay create-trigger --name nightly --notify -- python manage.py migrate",
      "  belay create-trigger --policy restore --file /srv/app/deploy.sh \\",
      "    -- sh -c 'psql -f new.sql && psql -f more.sql'"
    })
public final class CreateTriggerCommand extends ReportCommand {
  @Spec private CommandSpec own;

  @Parameters(
      arity = "1..*",
      paramLabel = "-- <command>",
      description = "The command and its arguments, as they are.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description =
          "The script (default: automated_rollback_trigger.sh in the folder rollback_scripts).")
  private @Nullable String file;

  @Option(
      names = "--policy",
      paramLabel = "<policy>",
      description =
          "What is done when the command fails: undo (default), restore, stop or"
              + " emergency-rollback.")
  private String policy = "undo";

  @Option(names = "--notify", description = "Notify people when the command fails.")
  private boolean notify;

  @Option(names = "--name", paramLabel = "<name>", description = "What people call it.")
  private String name = "";

  @Option(
      names = "--time-limit",
      paramLabel = "<duration>",
      description = "End the command after so long, such as 30m.")
  private @Nullable String timeLimit;

  @Option(names = "--no-backup", description = "The script makes no backup first.")
  private boolean noBackup;

  @Option(
      names = "--belay",
      paramLabel = "<file>",
      description = "The belay that the script runs (default: this one).")
  private @Nullable String belay;

  @Option(names = "--force", description = "Replace a file that somebody edited, or wrote.")
  private boolean force;

  @Option(names = "--dry-run", description = "Show the script and write nothing.")
  private boolean dryRun;

  /** The command. */
  public CreateTriggerCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    CommandWords.refuseGarbled(command);
    CommandWords.refuseOwn(
        command, "let cron run it as it is, and notify.channels say who is told");
    refuseSecrets();
    Path directory = surroundings().directory().toAbsolutePath();
    ProgramSearch.find(command.get(0), surroundings().environment(), directory);
    if (timeLimit != null) {
      Units.parseDuration(timeLimit);
    }
    if (TriggerPolicy.parse(policy) == TriggerPolicy.RESTORE && noBackup) {
      throw Failure.usage(
          "--policy restore needs the backup that --no-backup leaves out", "leave --no-backup out");
    }
    Path script =
        file == null
            ? settings.folders().rollbackScripts().resolve("automated_rollback_trigger.sh")
            : directory.resolve(file);
    script = script.toAbsolutePath().normalize();
    TriggerRequest request = request(script, directory);
    String text = TriggerScript.of(request);
    boolean replaced = !dryRun && TriggerFile.write(script, text, force);
    return new TriggerReport(
        dryRun,
        script.toString(),
        replaced,
        CommandWords.shown(command),
        policy,
        request.log().toString(),
        request.secrets().toString(),
        request.secretNames(),
        TriggerFile.proven(text));
  }

  private TriggerRequest request(Path script, Path directory) {
    TriggerVariables variables = TriggerVariables.of(surroundings());
    String base = String.valueOf(script.getFileName()).replaceFirst("\\.sh$", "");
    return new TriggerRequest(
        belay == null
            ? OwnLauncher.find(surroundings().environment(), directory)
            : ProgramSearch.find(
                directory.resolve(belay).toString(), surroundings().environment(), directory),
        common(directory),
        command,
        directory,
        script.resolveSibling(base + ".log"),
        script.resolveSibling(base + ".env"),
        name.replaceAll("\\p{Cntrl}+", " "),
        TriggerPolicy.parse(policy),
        notify,
        !noBackup,
        Optional.ofNullable(timeLimit),
        variables.fixed(),
        variables.secret());
  }

  /** The options by which this belay found its configuration and its database. */
  private List<String> common(Path directory) {
    List<String> words = new ArrayList<>();
    List<String> given = own.root().commandLine().getParseResult().originalArgs();
    for (int at = 0; at < given.size() && !given.get(at).equals("--"); at++) {
      String word = given.get(at);
      for (String option : List.of("--url", "-d", "--set", "--config")) {
        String value = null;
        if (word.equals(option) && at + 1 < given.size()) {
          value = given.get(++at);
        } else if (option.startsWith("--") && word.startsWith(option + "=")) {
          value = word.substring(option.length() + 1);
        }
        if (value != null) {
          if (!Masking.argument(value).equals(value)) {
            throw Failure.refused(
                "the value of %s holds a secret, which is not written into a script"
                    .formatted(option),
                "leave it out there, and put the password into ~/.pgpass");
          }
          words.add(option.equals("-d") ? "--url" : option);
          words.add(option.equals("--config") ? directory.resolve(value).toString() : value);
          break;
        }
      }
    }
    return words;
  }

  /** A variable of the shell is no secret, and a whole script has colons and at-signs anywhere. */
  private static boolean holdsSecret(String word) {
    String plain = word.replaceAll("[=:]\\s*([\"']?)\\$(?:\\w+|\\{\\w+\\})\\1(?=[\\s;&|)]|$)", "");
    boolean script = plain.chars().anyMatch(Character::isWhitespace);
    return !Masking.text(plain).equals(plain)
        || (!script && !Masking.argument(plain).equals(plain));
  }

  /** Whether the word after it is a secret, as after {@code --password}. */
  private static boolean asksForSecret(String option) {
    return option.startsWith("--")
        && !option.contains("=")
        && !option.startsWith("--no-")
        && !option.matches(".*-(file|path|stdin|prompt|command|env)")
        && Masking.soundsSecret(option.substring(2));
  }

  /** Whether it is one because of the word before it, as after {@code -u}. */
  private static boolean isUserWithSecret(String option, String word) {
    return option.matches("-u|--user|--proxy-user")
        && !Masking.words(List.of(option, word)).get(1).equals(Masking.words(List.of(word)).get(0));
  }

  private void refuseSecrets() {
    for (int at = 0; at < command.size(); at++) {
      String word = command.get(at);
      boolean follows = at > 0 && asksForSecret(command.get(at - 1)) && !word.startsWith("-");
      boolean user = at > 0 && !follows && isUserWithSecret(command.get(at - 1), word);
      if (follows || user || holdsSecret(word)) {
        throw Failure.refused(
            "the command has a secret among its words, which is not written into a script: "
                + (follows || user
                    ? command.get(at - 1) + " " + Masking.MASK
                    : Masking.text(Masking.argument(word))),
            "take it from the environment: -- sh -c 'tool --password=\"$PASSWORD\"'");
      }
    }
  }
}
