package dev.belay.cli;

import dev.belay.config.Setting;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.process.ShellWords;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How psql reaches the database of a run: connections in libpq's form, which need no encoding and
 * hold no secret.
 *
 * @param own as the user of the run
 * @param ofOther as another role, which has its own name, certificate and files
 * @param server to the server's database {@code postgres}, as the user of the run: for what needs
 *     no database, or is asked because that of the run is not there
 */
public record PsqlAddress(String own, String ofOther, String server) {
  private static final String LIST = "--list";

  /** Settings that say how a server is reached, and not which. */
  private static final Set<String> WAYS =
      Set.of("passwordFile", "sslmode", "sslRootCert", "sslCert", "sslKey");

  /**
   * Of a database.
   *
   * @param passwordFile what the user of the run named
   */
  public static PsqlAddress of(Target target, Optional<String> passwordFile) {
    String file = passwordFile.map(path -> " passfile=" + quoted(path)).orElse("");
    Target server = target.withDatabase("postgres");
    return new PsqlAddress(
        connection(target) + file, words(target, false), connection(server) + file);
  }

  /** Of what is in force; empty where that names no database. */
  static Optional<PsqlAddress> of(Settings settings, Surroundings surroundings) {
    return Optional.ofNullable(settings.reached())
        .map(target -> of(target, settings.passwordFile(surroundings).map(Path::toString)));
  }

  /**
   * Whether psql that is typed in the same environment gets to what is in force, and in the same
   * way, by the variables that are its own.
   */
  static boolean isFoundByItself(Settings settings, Map<String, String> environment) {
    Target target = settings.reached();
    return target != null
        && target.host().equals(environment.get("PGHOST"))
        && String.valueOf(target.port()).equals(environment.getOrDefault("PGPORT", "5432"))
        && target.user().equals(environment.get("PGUSER"))
        && target.database().equals(environment.get("PGDATABASE"))
        && environment.getOrDefault("PGSERVICE", "").isEmpty()
        && settings.all().stream()
            .filter(setting -> WAYS.contains(setting.name()))
            .map(Setting::source)
            .allMatch(source -> source.equals("default") || source.startsWith("PG"));
  }

  /** That of the run's user, without a password file. */
  public static String connection(Target target) {
    return words(target, true);
  }

  private static String words(Target target, boolean own) {
    Tls tls = target.tls();
    StringBuilder words = new StringBuilder("host=" + quoted(target.host()));
    words.append(" port=").append(target.port());
    if (own) {
      words.append(" user=").append(quoted(target.user()));
    }
    words.append(" dbname=").append(quoted(target.database()));
    words.append(" sslmode=").append(tls.mode());
    tls.rootCertificate().ifPresent(file -> words.append(" sslrootcert=").append(quoted(file)));
    if (own) {
      tls.certificate().ifPresent(file -> words.append(" sslcert=").append(quoted(file)));
      tls.key().ifPresent(file -> words.append(" sslkey=").append(quoted(file)));
    }
    return words.toString();
  }

  private static String quoted(String value) {
    return value.matches("[\\w.:/-]+")
        ? value
        : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /**
   * The same beginning of a command, for this database.
   *
   * @param psql the program and one option, as {@link ShellWords#psql} and {@link
   *     ShellWords#psqlOfOther} begin, or {@code psql --list}
   */
  String reaching(String psql) {
    String option = psql.substring(psql.indexOf(' ') + 1);
    String there = option.equals("-c") ? own : option.equals(LIST) ? server : ofOther;
    return "psql -d %s %s".formatted(ShellWords.quote(there), option);
  }
}
