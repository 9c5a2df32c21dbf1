package dev.belay.cli;

import dev.belay.core.Failure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that changes something. */
public final class ChangeOptions {
  /** What a failure says when somebody was asked and did not agree. */
  public static final String NOT_CONFIRMED = "the plan was not confirmed";

  @Option(
      names = {"-y", "--yes"},
      description = "Carry the plan out without asking.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show the plan and stop.")
  private boolean dryRun;

  private @Nullable Operation operation;

  /** What is agreed to is recorded as the plan of that operation. */
  void of(Operation recorded) {
    operation = recorded;
  }

  /**
   * Whether to go on without a plan: {@code --yes} was given, and {@code --dry-run} was not. Then
   * it is recorded that the operation begins. For commands that only look unless they are told.
   *
   * @throws Failure when that cannot be recorded
   */
  public boolean goesAhead() {
    boolean ahead = yes && !dryRun;
    if (ahead && operation != null) {
      operation.begin();
    }
    return ahead;
  }

  /**
   * It does something whatever is agreed to later, and is on record from here; a record that fails
   * is only said.
   */
  public void noted() {
    if (operation != null && !dryRun) {
      operation.noted();
    }
  }

  /** Whether {@code --yes} was given. */
  public boolean yes() {
    return yes;
  }

  /** Whether {@code --dry-run} was given. */
  public boolean dryRun() {
    return dryRun;
  }

  /**
   * The consent that these options give. What is agreed to is on record before it is carried out.
   *
   * @param production ask for the database's name instead of y or n
   */
  public Consent consent(Terminal terminal, boolean production) {
    return new Consent() {
      @Override
      public boolean given(Plan asked) {
        Plan plan = printed(asked);
        boolean agreed = agreed(terminal, production, plan);
        if (agreed && operation != null) {
          operation.agreed(plan);
        }
        return agreed;
      }

      @Override
      public boolean asksPerson() {
        return !dryRun && !yes && terminal.asksPerson();
      }
    };
  }

  /**
   * Shows a plan that is carried out later, if at all, and asks. Nothing is recorded: that is done
   * when it comes to it, see {@link #standing}.
   *
   * @param production ask for the database's name instead of y or n
   * @return false when it is to stop here ({@code --dry-run})
   * @throws Failure REFUSED when the answer is no, or nobody is there to ask
   */
  public boolean foresees(Terminal terminal, boolean production, Plan plan) {
    return agreed(terminal, production, printed(plan));
  }

  /**
   * The consent that was given before by {@link #foresees}: the plan is shown and is on record, and
   * nobody is asked.
   */
  public Consent standing(Terminal terminal) {
    return asked -> {
      Plan plan = printed(asked);
      plan.lines().forEach(line -> terminal.err().print(line + "\n"));
      terminal.err().flush();
      if (operation != null) {
        operation.agreed(plan);
      }
      return true;
    };
  }

  private Plan printed(Plan plan) {
    return operation == null ? plan : operation.database().plan(plan);
  }

  private boolean agreed(Terminal terminal, boolean production, Plan plan) {
    plan.lines().forEach(line -> terminal.err().print(line + "\n"));
    if (operation != null) {
      operation.intends().forEach(line -> terminal.err().print("  + " + line + "\n"));
    }
    terminal.err().flush();
    if (dryRun) {
      return false;
    }
    if (yes) {
      return true;
    }
    if (!terminal.asksPerson()) {
      throw Failure.refused(
          "nobody is there to confirm the plan",
          "look at the plan above, then run the same command with --yes");
    }
    ask(terminal, plan, production);
    return true;
  }

  private static void ask(Terminal terminal, Plan plan, boolean production) {
    String question =
        production
            ? "This is production. Type the name of the database ("
                + plan.database()
                + ") to go on: "
            : "Go on? [y/N] ";
    terminal.input().forgetTypedAhead();
    terminal.err().print(question);
    terminal.err().flush();
    String line = terminal.input().line();
    String answer = line == null ? "" : line.strip();
    boolean agreed =
        production
            ? answer.equals(plan.database())
            : answer.toLowerCase(Locale.ROOT).equals("y")
                || answer.toLowerCase(Locale.ROOT).equals("yes");
    if (!agreed) {
      throw Failure.refused(
          NOT_CONFIRMED,
          production ? "type the name of the database to go on" : "answer y to go on");
    }
  }
}
