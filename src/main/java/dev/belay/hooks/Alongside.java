package dev.belay.hooks;

import dev.belay.cli.Companion;
import dev.belay.cli.Facts;
import dev.belay.cli.Logging;
import dev.belay.cli.Outcome;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.postgres.Databases;
import dev.belay.report.Remark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes along with every change: is the application healthy, then the hooks before, the change,
 * the hooks after or on failure, and is the application healthy again. Inside of a hook nothing
 * goes along, since that would never end.
 */
public final class Alongside implements Companion {
  private static final Logger LOG = LoggerFactory.getLogger(Logging.OPERATOR);

  private final Hooks hooks;
  private final Health health;

  /**
   * @param commands the words of each command that can change something, with blanks between them
   */
  public Alongside(Surroundings surroundings, List<String> commands, Databases databases) {
    this.hooks = new Hooks(surroundings, commands);
    this.health = new Health(databases);
  }

  @Override
  public void check(Settings settings) {
    hooks.settings(settings);
    HealthSettings.of(settings);
  }

  @Override
  public List<String> intends(Settings settings, String command) {
    List<String> intended = new ArrayList<>(hooks.intends(settings, command));
    HealthSettings.of(settings)
        .checks()
        .forEach(check -> intended.add("health, before and after: " + check.name()));
    return intended.isEmpty() || !hooks.isInside() ? intended : List.of(hooks.leftOut());
  }

  @Override
  public void before(Facts facts) {
    if (!hooks.isInside()) {
      health.before(facts);
      hooks.before(facts);
    } else if (!intends(facts.settings(), facts.command()).isEmpty()) {
      LOG.warn(hooks.leftOut());
    }
  }

  @Override
  public List<Remark> after(Facts facts, Outcome outcome) {
    if (!hooks.isBegun()) {
      return List.of();
    }
    List<Remark> remarks = new ArrayList<>();
    remarks.addAll(safely("hook", () -> hooks.after(facts, outcome)));
    if (outcome.exitCode() != null) {
      // After a signal nobody waits for an answer.
      remarks.addAll(safely("health", () -> health.after(facts)));
    }
    return remarks;
  }

  /** What was done is done: a defect here may not hide the answer. */
  private static List<Remark> safely(String kind, Supplier<List<Remark>> look) {
    try {
      return look.get();
    } catch (RuntimeException defect) {
      LoggerFactory.getLogger(Alongside.class).error("{} failed", kind, defect);
      return List.of(new Remark(kind, "all", "a defect of belay: " + defect, true));
    }
  }
}
