package dev.belay.scratch;

import dev.belay.config.AppSettings;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.FlywayEngine.Callbacks;
import dev.belay.flyway.MigrationScript;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Databases in which migrations were replayed, kept on the server to be copied: each under the
 * checksum of everything that it follows from, with its recording inside.
 */
final class ReplayTemplates {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayTemplates.class);
  private static final String PREFIX = "belay_template_";
  private static final int HEX_DIGITS = 32;

  private final ReplayGround ground;

  ReplayTemplates(ReplayGround ground) {
    this.ground = ground;
  }

  /** The name for what replaying these scripts, in this order, gives. */
  String name(ReplayPlan plan, List<MigrationScript> scripts) {
    return name(plan, scripts, Callbacks.ALL);
  }

  /** The same, where fewer callbacks are run at the end. */
  String name(ReplayPlan plan, List<MigrationScript> scripts, Callbacks atEnd) {
    if (ground.settings().keep() == 0) {
      return "";
    }
    MessageDigest digest = sha256();
    add(digest, "form " + Recording.FORM);
    add(digest, "server " + ServerInfo.of(ground.anchor()).versionNumber());
    add(digest, "role " + ground.anchor().text("select current_user"));
    add(digest, ground.live().toString());
    ground.settings().init().forEach(file -> addFile(digest, file));
    ground.jars().forEach(file -> addFile(digest, file));
    for (ReplayPlan other : plan.before()) {
      addApp(digest, other);
      other.all().forEach(script -> addScript(digest, script.script(), script.file()));
    }
    addApp(digest, plan);
    if (atEnd != Callbacks.ALL) {
      add(digest, "callbacks " + atEnd);
    }
    scripts.forEach(script -> addScript(digest, script.script(), script.file()));
    String hex = HexFormat.of().formatHex(digest.digest());
    return PREFIX + hex.substring(0, HEX_DIGITS);
  }

  private static void addApp(MessageDigest digest, ReplayPlan plan) {
    AppSettings app = plan.app();
    add(digest, app.historySchema());
    add(digest, app.historyTable());
    add(digest, plan.createdSchemas().toString());
    add(digest, new TreeMap<>(app.placeholders()).toString());
    add(digest, new TreeMap<>(FlywayEngine.kept(app)).toString());
    FlywayEngine.callbacks(app).forEach((script, file) -> addScript(digest, script, file));
  }

  private static void addScript(MessageDigest digest, String script, Path file) {
    add(digest, script);
    addFile(digest, file);
    addFile(digest, file.resolveSibling(file.getFileName() + ".conf"));
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // With its length, so that no two lists of texts give the same bytes.
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  /** What is no file, such as a class in a jar that was added before, adds nothing. */
  private static void addFile(MessageDigest digest, Path file) {
    if (!Files.isRegularFile(file)) {
      add(digest, "none");
      return;
    }
    MessageDigest own = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), own)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException unreadable) {
      throw Failure.unavailable(
          file + " cannot be read: " + unreadable.getMessage(), "make it readable, then try again");
    }
    add(digest, HexFormat.of().formatHex(own.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  /** The recording of a kept database; empty when there is none that can be used. */
  Optional<Recording> recording(String name) {
    if (!isKept(name)) {
      return Optional.empty();
    }
    try (Database session = ground.databases().open(ground.maintenance().withDatabase(name))) {
      return ReplayQueries.read(session).flatMap(ReplayTemplates::parse);
    } catch (Failure unusable) {
      LOG.info("the kept database {} cannot be used: {}", name, unusable.message());
      return Optional.empty();
    }
  }

  /** Whether there is one of that name that this role made. */
  private boolean isKept(String name) {
    return ground.settings().keep() > 0
        && ReplayQueries.templates(ground.anchor()).stream()
            .anyMatch(each -> each.name().equals(name));
  }

  /** The outcome of a replay of those scripts alone, where it is known. */
  Optional<Ablation> proof(String name, Set<String> scripts) {
    if (!isKept(name)) {
      return Optional.empty();
    }
    try (Database session = ground.databases().open(ground.maintenance().withDatabase(name))) {
      return ReplayQueries.readProof(session, key(scripts))
          .map(text -> Json.MAPPER.readValue(text, Ablation.class));
    } catch (Failure | JacksonException unusable) {
      LOG.info("a proof in {} cannot be used: {}", name, unusable.getMessage());
      return Optional.empty();
    }
  }

  /** Keeps such an outcome beside the recording; where it cannot be, it is found out again. */
  void writeProof(String name, Set<String> scripts, Ablation outcome) {
    try (Database session = ground.databases().open(ground.maintenance().withDatabase(name))) {
      ReplayQueries.writeProof(session, key(scripts), Json.MAPPER.writeValueAsString(outcome));
    } catch (Failure cannot) {
      LOG.info("a proof is not kept: {}", cannot.message());
    }
  }

  private static String key(Set<String> scripts) {
    MessageDigest digest = sha256();
    new TreeSet<>(scripts).forEach(script -> add(digest, script));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Optional<Recording> parse(String text) {
    try {
      Recording recording = Json.MAPPER.readValue(text, Recording.class);
      return recording.form() == Recording.FORM ? Optional.of(recording) : Optional.empty();
    } catch (JacksonException other) {
      return Optional.empty();
    }
  }

  /** Puts a recording into the database that it is about. */
  void write(ScratchDatabase scratch, Recording recording) {
    try (Database session = ground.databases().open(scratch.target())) {
      ReplayQueries.write(session, Json.MAPPER.writeValueAsString(recording));
    }
  }

  /**
   * Makes a kept database of a scratch database, and drops those that are more than are to be kept.
   * When it cannot be, the scratch database stays what it is.
   *
   * @return whether it has that name now
   */
  boolean keep(ScratchDatabase scratch, String name, AppSettings app) {
    Database session = ground.anchor();
    try {
      DatabaseNote note =
          DatabaseNote.now(
              DatabaseNote.Kind.TEMPLATE,
              ground.live().name(),
              ground.run(),
              session.text("select current_user"),
              what(app),
              null);
      ReplayQueries.comment(session, scratch.target().database(), note);
      FailPoint.reached("template-noted");
      ReplayQueries.rename(session, scratch.target().database(), name);
      scratch.keep();
      FailPoint.reached("template-named");
      prune(session, name, note);
      return true;
    } catch (Failure cannot) {
      LOG.info("{} is not kept: {}", scratch.target(), cannot.message());
      return false;
    }
  }

  /**
   * Drops all that were kept for an app, where none are to be kept any more.
   *
   * @return how many
   */
  int dropAll(AppSettings app) {
    int dropped = 0;
    for (ReplayQueries.Kept kept : ReplayQueries.templates(ground.anchor())) {
      boolean ours =
          kept.note().of().equals(ground.live().name()) && kept.note().what().equals(what(app));
      if (ours) {
        try {
          DatabaseDrop.now(ground.anchor(), kept.name());
          dropped++;
        } catch (Failure inUse) {
          LOG.info("{} stays: {}", kept.name(), inUse.message());
        }
      }
    }
    return dropped;
  }

  private static String what(AppSettings app) {
    return "replayed migrations of app " + app.name();
  }

  /** The oldest first; the one just made stays in any case. */
  private void prune(Database session, String name, DatabaseNote note) {
    List<ReplayQueries.Kept> others =
        ReplayQueries.templates(session).stream()
            .filter(kept -> kept.note().of().equals(note.of()))
            .filter(kept -> kept.note().what().equals(note.what()))
            .filter(kept -> !kept.name().equals(name))
            .sorted(Comparator.comparing((ReplayQueries.Kept kept) -> kept.note().at()).reversed())
            .toList();
    others.stream()
        .skip(Math.max(0, ground.settings().keep() - 1))
        .forEach(old -> DatabaseDrop.now(session, old.name()));
  }
}
