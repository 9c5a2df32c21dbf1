package dev.belay.chaos;

import dev.belay.core.Target;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A fault at a moment of one command. */
final class Blow {
  /** What ends with one of these has changed nothing, and a swap may be under way. */
  static final Set<Integer> REFUSALS = Set.of(2, 11, 12);

  private final Fault fault;
  private final Moment moment;
  private final Path held;
  private final int slackKilobytes;
  private Cli.@Nullable Result other;
  private @Nullable Content since;
  private boolean struck;
  private boolean ofScript;

  private Blow(Fault fault, Moment moment, Path held, int slackKilobytes) {
    this.fault = fault;
    this.moment = moment;
    this.held = held;
    this.slackKilobytes = slackKilobytes;
  }

  /**
   * At a moment by chance.
   *
   * @param points the names of fail points that the command may come by
   * @param held a file by which the program is held
   */
  static Blow of(Random chance, Fault fault, List<String> points, Path held) {
    return new Blow(fault, Moment.of(chance, points, held), held, chance.nextInt(400));
  }

  Fault fault() {
    return fault;
  }

  /** The name of the fail point; empty: it is a time. */
  String point() {
    return moment.point();
  }

  /** The file by which the program is held. */
  Path held() {
    return held;
  }

  /** Whether the fault struck before the command was done. */
  boolean struck() {
    return struck;
  }

  /** Whether the command ended with that status by the signal that struck it. */
  boolean isWhyItEndedWith(int status) {
    // A script passes any signal on as SIGTERM.
    boolean passedOn =
        ofScript && fault == Fault.INTERRUPTED && status == Fault.TERMINATED.status();
    return struck && ((status == fault.status() && status != 0) || passedOn);
  }

  /** What the same command came to that somebody else gave meanwhile; empty: nobody did. */
  Optional<Cli.Result> other() {
    return Optional.ofNullable(other);
  }

  /** What the database holds since that other one was done; empty: it was kept out. */
  Optional<Content> foundByTheFirst() {
    return Optional.ofNullable(since);
  }

  private void another(World world, List<String> line) {
    Cli.Result result = world.program(world.live).run(line);
    other = result;
    if (!REFUSALS.contains(result.status())) {
      since = world.content();
    }
  }

  /** Runs the command and strikes it. */
  Cli.Result strike(World world, List<String> line) throws InterruptedException {
    try (Proxy proxy = Proxy.before(world.live)) {
      Target way = fault.isOfTheNetwork() ? proxy.through(world.live) : world.live;
      Optional<Script> script = Script.write(world, world.program(way), line);
      ofScript = script.isPresent();
      Cli.Result result = strike(world, line, proxy, way);
      boolean mayBeCut = fault == Fault.KILLED || fault == Fault.DISK_FULL;
      return script.map(each -> each.said(result, mayBeCut)).orElse(result);
    }
  }

  private Cli.Result strike(World world, List<String> line, Proxy proxy, Target way)
      throws InterruptedException {
    try (SmallDisk disk =
        fault == Fault.DISK_FULL ? SmallDisk.under(world.folder, slackKilobytes) : null) {
      Program.Running running =
          moment.arm(world.program(way)).start(disk == null ? line : disk.seenBy(line));
      try {
        struck =
            fault.strike(
                new Fault.Scene(
                    world, running.process(), proxy, disk, moment, () -> another(world, line)));
      } finally {
        moment.release();
      }
      return running.result();
    }
  }

  @Override
  public String toString() {
    return fault + " " + moment;
  }
}
