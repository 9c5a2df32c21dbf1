package dev.belay.cli;

import dev.belay.config.GivenUrl;
import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.Rewording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes what is printed to be pasted be about the database of this run: the options that were given
 * on the command line and say which one it is are put into each command of this program, without
 * secrets. Those come again from where they belong, such as a password file; so does what the
 * environment says. Where no such option was given, commands of this program stay as they are.
 * Statements for psql get the address in any case, since psql knows neither belay.yaml nor {@code
 * DATABASE_URL}.
 */
public final class SameDatabase {
  private static final String URL = "--url";
  private static final String SET_URL = "url=";

  /** Finds nothing but statements for psql. */
  private static final NamedCommands STATEMENTS = new NamedCommands(List.of());

  private static final String SET = "--set";
  private static final String LOG_FILE = "--log-file";
  private static final Pattern HAS_URL = Pattern.compile(" (?:--url|-d)(?=[ =])");
  private static final Pattern HAS_CONFIG = Pattern.compile(" --config(?=[ =])");

  private final NamedCommands commands;
  private final List<String> options;
  private final @Nullable PsqlAddress address;

  private SameDatabase(
      NamedCommands commands, List<String> options, @Nullable PsqlAddress address) {
    this.commands = commands;
    this.options = List.copyOf(options);
    this.address = address;
  }

  /**
   * Of a run.
   *
   * @param commands the names of those whose options these are, without {@code belay}
   * @param common options of this run, each followed by its value; may hold secrets
   * @param address null: none is known, or psql finds it by itself; an option with a secret is left
   *     out
   */
  public static SameDatabase of(
      Collection<String> commands, List<String> common, @Nullable PsqlAddress address) {
    List<String> options = options(common, address);
    return new SameDatabase(
        NamedCommands.of(options.isEmpty() ? List.of() : List.copyOf(commands)), options, address);
  }

  /** Of a run of which nothing is to be repeated. */
  static SameDatabase plain() {
    return of(List.of(), List.of(), null);
  }

  /** Whether nothing is to be repeated. */
  boolean isPlain() {
    return options.isEmpty() && address == null;
  }

  /** What is to be pasted, or a sentence with that in it, for this database. */
  public String text(String text) {
    if (isPlain()) {
      return text;
    }
    return orAsItIs(
        text,
        plain ->
            commands.inserting(
                plain, this::missing, psql -> address == null ? psql : address.reaching(psql)));
  }

  /** How psql reaches the database, which is that of this run. */
  public PsqlAddress address(Target target) {
    return address == null ? PsqlAddress.of(target, Optional.empty()) : address;
  }

  /** The same failure with a state and a hint for this database. */
  public Failure failure(Failure failure) {
    return isPlain() ? failure : failure.reworded(this::text);
  }

  /** The same answer, in which what is to be pasted is for this database. */
  public Report report(Report report) {
    return isPlain() ? report : orAsItIs(report, plain -> Rewording.of(plain, this::text));
  }

  /** What was done is done: a defect in here must not cost its answer. */
  private static <T> T orAsItIs(T said, UnaryOperator<T> words) {
    try {
      return words.apply(said);
    } catch (RuntimeException defect) {
      LoggerFactory.getLogger(SameDatabase.class)
          .warn("commands to paste may lack the options of this run", defect);
      return said;
    }
  }

  /**
   * The same plan, in which what is to be pasted is for this database. Its steps stay as they are:
   * they are what is going to be done, such as a command that somebody gave, and never pasted.
   */
  Plan plan(Plan plan) {
    return isPlain()
        ? plan
        : new Plan(
            plan.title(),
            plan.steps(),
            plan.notes().stream().map(this::text).toList(),
            plan.losses().stream().map(this::text).toList(),
            plan.database());
  }

  /** The options that a command does not have yet, with a blank before them. */
  private String missing(String rest) {
    List<String> words = new ArrayList<>();
    for (int at = 0; at + 1 < options.size(); at += 2) {
      String option = options.get(at);
      String value = options.get(at + 1);
      boolean there =
          switch (option) {
            case URL -> has(rest, HAS_URL);
            case SET -> has(rest, settingOf(value.substring(0, value.indexOf('=') + 1)));
            default -> has(rest, HAS_CONFIG);
          };
      if (!there) {
        words.add(option);
        words.add(value);
      }
    }
    return words.isEmpty() ? "" : " " + ShellWords.join(words);
  }

  /** Whether an option is there, and not only within an argument, such as a condition. */
  private static boolean has(String rest, Pattern option) {
    return option.matcher(NamedCommands.words(rest)).find();
  }

  private static Pattern settingOf(String name) {
    return Pattern.compile(" --set[ =]" + Pattern.quote(name.replace(' ', '_')));
  }

  /**
   * The options to be repeated.
   *
   * @param common options of this run, each followed by its value
   * @param address stands for one with a secret; null: such a one is left out
   */
  static List<String> options(List<String> common, @Nullable PsqlAddress address) {
    List<String> again = new ArrayList<>();
    for (int at = 0; at + 1 < common.size(); at += 2) {
      String option = common.get(at);
      String value = common.get(at + 1);
      Optional<Boolean> url = secretOfUrl(option, value);
      boolean secret = url.orElseGet(() -> isSecret(option, value));
      boolean overruled = !option.equals(URL) && common.contains(URL);
      if (option.equals(LOG_FILE) || (secret && (url.isEmpty() || overruled || address == null))) {
        continue;
      }
      again.add(secret ? URL : option);
      again.add(secret && address != null ? address.own() : value);
    }
    return again;
  }

  /**
   * The names of the settings that are not repeated, since they are secrets or look like one.
   *
   * @param common options of this run, each followed by its value
   */
  static List<String> leftOut(List<String> common) {
    List<String> names = new ArrayList<>();
    for (int at = 0; at + 1 < common.size(); at += 2) {
      String value = common.get(at + 1);
      if (secretOfUrl(common.get(at), value).isEmpty() && isSecret(common.get(at), value)) {
        names.add(Masking.argument(value.substring(0, value.indexOf('='))));
      }
    }
    return names;
  }

  /** Whether an address has a secret in it; empty: it is none. */
  private static Optional<Boolean> secretOfUrl(String option, String value) {
    if (option.equals(URL)) {
      return Optional.of(GivenUrl.holdsSecret(value));
    }
    return option.equals(SET) && value.regionMatches(true, 0, SET_URL, 0, SET_URL.length())
        ? Optional.of(GivenUrl.holdsSecret(value.substring(SET_URL.length())))
        : Optional.empty();
  }

  private static boolean isSecret(String option, String value) {
    return option.equals(SET) && !Masking.setting(value).equals(value);
  }

  /**
   * The same text, in which each statement for psql goes to that database. One that somebody else
   * is to run, see {@link ShellWords#psqlOfOther}, goes there as whoever runs it.
   */
  public static String connected(String text, PsqlAddress address) {
    return STATEMENTS.inserting(text, rest -> "", address::reaching);
  }
}
