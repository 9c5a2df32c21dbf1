package dev.belay.migrations;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.ledger.Ledger;
import dev.belay.ledger.NewUndo;
import dev.belay.ledger.UndoStore;
import dev.belay.migrations.StoreUndoReport.Outcome;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoScripts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Stores undo scripts in the ledger of the target. */
final class StoreUndo {
  private final GuardedRun run;
  private final String version;

  StoreUndo(GuardedRun run, String version) {
    this.run = run;
    this.version = version;
  }

  /** What is to be stored of one app. */
  private record OfApp(AppState state, List<UndoToStore> scripts, List<String> notes) {}

  /**
   * Stores them, in one transaction.
   *
   * @throws Failure REFUSED when a script must not be run, or the ledger is none of Belay's;
   *     UNAVAILABLE when it cannot be written
   */
  StoreUndoReport run(StoreUndoRequest request, Consent consent) {
    if (!request.dryRun()) {
      run.recover();
    }
    List<AppSettings> apps = apps(request);
    try (Database session = run.databases().open(run.target())) {
      List<OfApp> all = found(apps, session, request);
      List<UndoToStore> stored =
          all.stream()
              .flatMap(each -> each.scripts().stream())
              .filter(UndoToStore::isStored)
              .toList();
      if (!stored.isEmpty()) {
        boolean made = !Ledger.present(session);
        if (!consent.given(plan(all, made))) {
          return report(all, true);
        }
        store(session, all);
      }
      return report(all, request.dryRun() && !stored.isEmpty());
    }
  }

  private List<AppSettings> apps(StoreUndoRequest request) {
    List<AppSettings> apps =
        request.app().map(name -> List.of(run.settings().app(name))).orElse(run.settings().apps());
    if (apps.isEmpty()) {
      throw Failure.usage("no app is configured", "name the folder of migrations in belay.yaml");
    }
    if (apps.size() > 1 && !request.migrations().isEmpty()) {
      throw Failure.usage(
          "--migration names a migration of one app, and there are several",
          "name the app too: belay store-undo %s --migration %s"
              .formatted(apps.get(0).name(), request.migrations().get(0)));
    }
    return apps;
  }

  private List<OfApp> found(List<AppSettings> apps, Database session, StoreUndoRequest request) {
    Refusals refusals = new Refusals();
    List<OfApp> all = new ArrayList<>();
    for (AppSettings app : apps) {
      AppState state = AppState.read(session, app);
      UndoScripts scripts = UndoScripts.read(session, state);
      UndosToStore choice = new UndosToStore(run, session, state, scripts, request, refusals);
      all.add(new OfApp(state, choice.all(), scripts.notes()));
    }
    refusals.refuse();
    return all;
  }

  private Plan plan(List<OfApp> all, boolean made) {
    List<String> steps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (made) {
      steps.add("make the ledger: the schema belay with its tables");
    }
    for (OfApp app : all) {
      for (UndoToStore each : app.scripts()) {
        switch (each.outcome()) {
          case STORED -> steps.add("store " + each.words());
          case REPLACED -> steps.add("store instead of the one that counted: " + each.words());
          case KEPT -> notes.add("not stored: " + each.words());
          case MISSING -> notes.add(each.migration().name() + " has no undo script" + more(each));
          case UNCHANGED -> {}
        }
      }
      notes.addAll(app.notes());
    }
    return new Plan("store undo scripts in " + run.target(), steps, notes, List.of(), run.live());
  }

  /** The same, within an operation that holds the lock and keeps the journal. */
  StoreUndoReport within(StoreUndoRequest request, OperationLock lock, Journal journal) {
    try (Database session = run.databases().open(run.target())) {
      List<OfApp> all = found(apps(request), session, request);
      store(session, all, lock, journal);
      return report(all, false);
    }
  }

  private static String more(UndoToStore each) {
    return each.why().isEmpty() ? "" : ": " + each.why();
  }

  private void store(Database session, List<OfApp> all) {
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      store(session, all, lock, journal);
      journal.end("ok");
    }
  }

  private void store(Database session, List<OfApp> all, OperationLock lock, Journal journal) {
    lock.check();
    for (OfApp app : all) {
      app.scripts().stream().filter(UndoToStore::isStored).forEach(each -> note(journal, each));
    }
    session.inTransaction(
        () -> {
          for (OfApp app : all) {
            AppSettings settings = app.state().app();
            UndoStore store =
                new UndoStore(new TableName(settings.historySchema(), settings.historyTable()));
            app.scripts().stream()
                .filter(UndoToStore::isStored)
                .flatMap(each -> each.script().stream())
                .forEach(script -> store.store(session, script, version));
          }
          return "";
        });
  }

  private static void note(Journal journal, UndoToStore each) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("migration", each.migration().name());
    each.script()
        .ifPresent(
            script -> {
              facts.put("script", script.script());
              facts.put("sha256", UndoStore.sha256(script.content()));
            });
    journal.step("store-undo", facts);
  }

  private StoreUndoReport report(List<OfApp> all, boolean dryRun) {
    List<StoreUndoReport.Line> lines = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (OfApp app : all) {
      for (UndoToStore each : app.scripts()) {
        Optional<NewUndo> script = each.script();
        Migration migration = each.migration();
        lines.add(
            new StoreUndoReport.Line(
                app.state().app().name(),
                migration.name(),
                each.outcome().word(),
                script.map(NewUndo::script),
                script.map(one -> one.origin().name().toLowerCase(Locale.ROOT)),
                script.map(one -> UndoStore.sha256(one.content())),
                Optional.of(each.why()).filter(why -> !why.isEmpty())));
      }
      boolean none = app.scripts().stream().allMatch(one -> one.outcome() == Outcome.MISSING);
      if (none) {
        notes.add(
            "app %s has no undo script: belay can try to make some with --generate"
                .formatted(app.state().app().name()));
      }
      notes.addAll(app.notes());
    }
    return new StoreUndoReport(run.target().toString(), dryRun, lines, notes);
  }
}
