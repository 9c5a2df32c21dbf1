package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Remark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes along with an operation: when it is called, and what it makes of the outcome. */
class CompanionTest {
  private static final Plan PLAN = new Plan("change it", List.of("one"), List.of(), "orders");

  @TempDir Path folder;
  private Settings settings;
  private final List<String> events = new ArrayList<>();
  private List<Remark> remarks = List.of();
  private @Nullable Failure refusal;

  @BeforeEach
  void load() {
    settings = Configuration.load(new Surroundings(Map.of(), folder, folder, "tester"), Flags.NONE);
  }

  private Companion companion(String name) {
    return new Companion() {
      @Override
      public List<String> intends(Settings in, String command) {
        return List.of(name + " goes along with " + command + "\n");
      }

      @Override
      public void before(Facts facts) {
        events.add("%s before %s %s".formatted(name, facts.command(), facts.plan()));
        if (refusal != null) {
          throw refusal;
        }
      }

      @Override
      public List<Remark> after(Facts facts, Outcome outcome) {
        events.add(
            "%s after %s changed %s"
                .formatted(name, outcome.exitCode(), outcome.databaseChanged()));
        return remarks;
      }
    };
  }

  private final Announcer announcer =
      new Announcer() {
        @Override
        public void announced(Facts facts, Announcement announcement) {
          events.add("announced " + announcement.title());
        }

        @Override
        public void ended(Facts facts, Outcome outcome) {
          events.add(
              "told of %s, begun %s, %d remarks"
                  .formatted(outcome.exitCode(), outcome.begun(), outcome.remarks().size()));
        }
      };

  private Operation operation(String... companions) {
    return new Operation(
        Optional.empty(),
        List.of(companions).stream().map(this::companion).toList(),
        announcer,
        settings,
        "sample",
        "sample --yes",
        SameDatabase.plain());
  }

  @Test
  void allOfThemAreCalledInTheirOrderAroundIt() {
    Operation operation = operation("first", "second");

    operation.agreed(PLAN);
    operation.settled(new Sample.Answer(true));
    operation.ended(ExitCode.OK, false);
    operation.tell();
    operation.tell();

    assertThat(events)
        .containsExactly(
            "first before sample [Plan: change it,   1. one]",
            "second before sample [Plan: change it,   1. one]",
            "first after OK changed false",
            "second after OK changed false",
            "told of OK, begun true, 0 remarks");
  }

  @Test
  void whatNeverBeganHasNoCompany() {
    Operation operation = operation("only");

    operation.settled(new Sample.Answer(false));
    operation.tell();

    assertThat(events).containsExactly("told of OK, begun false, 0 remarks");
  }

  @Test
  void aPlanThatIsAgreedToTwiceBeginsOnce() {
    Operation operation = operation("only");

    operation.begin();
    operation.agreed(PLAN);
    operation.failed(Failure.failed("broken", "mend it"));
    operation.failed(Failure.failed("broken", "mend it"));
    operation.tell();

    assertThat(events)
        .containsExactly(
            "only before sample []",
            "only after FAILED changed false",
            "told of FAILED, begun true, 0 remarks");
  }

  @Test
  void oneThatRefusesIsToldThatItFailed() {
    refusal = Failure.refused("not now", "wait");
    Operation operation = operation("only", "never asked");

    assertThatThrownBy(() -> operation.agreed(PLAN)).isSameAs(refusal);
    operation.failed(refusal);

    assertThat(events)
        .containsExactly(
            "only before sample [Plan: change it,   1. one]",
            "only after REFUSED changed false",
            "never asked after REFUSED changed false");
  }

  @Test
  void aProblemIsPartOfWhatPeopleAreTold() {
    remarks = List.of(new Remark("hook", "hooks.all.after", "ended with 1", true));
    Operation operation = operation("only");

    operation.agreed(PLAN);
    assertThat(operation.settled(new Sample.Answer(true))).isEqualTo(remarks);
    operation.tell();

    assertThat(events).endsWith("told of FINDINGS, begun true, 1 remarks");
  }

  @Test
  void whatTheyIntendIsOneLineEach() {
    assertThat(operation("one", "two").intends())
        .containsExactly("one goes along with sample\\u000a", "two goes along with sample\\u000a");
  }
}
