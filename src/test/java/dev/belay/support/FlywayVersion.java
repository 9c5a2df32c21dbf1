package dev.belay.support;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.Driver;

/**
 * An application that starts with one version of Flyway: it validates and migrates. Each version
 * has classes of its own; the build puts their jars into {@code target/flyway-versions}.
 */
public final class FlywayVersion {
  /** One of each major version that applications have. */
  public static final List<String> ALL = List.of("9.22.3", "10.22.0", "11.20.3", "13.12.0");

  private static final Path JARS = Path.of("target", "flyway-versions");

  private final String version;
  private final Target target;
  private final ClassLoader classes;

  private FlywayVersion(String version, Target target, ClassLoader classes) {
    this.version = version;
    this.target = target;
    this.classes = classes;
  }

  /** Applications with that version, on that database. */
  public static FlywayVersion of(String version, Target target) {
    return new FlywayVersion(version, target, classes(version));
  }

  private static ClassLoader classes(String version) {
    if (!Files.isDirectory(JARS.resolve(version))) {
      return FlywayVersion.class.getClassLoader();
    }
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> own = Files.list(JARS.resolve(version));
        Stream<Path> shared = Files.list(JARS.resolve("lib"))) {
      for (Path jar : Stream.concat(own, shared).toList()) {
        urls.add(jar.toUri().toURL());
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    urls.add(Driver.class.getProtectionDomain().getCodeSource().getLocation());
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /**
   * Starts an application with these scripts.
   *
   * @return how many migrations it applied
   * @throws IllegalStateException with Flyway's words, when it does not start
   */
  public int start(Path scripts, Map<String, String> settings) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      Class<?> flyway = Class.forName("org.flywaydb.core.Flyway", true, classes);
      Object configuration =
          call(flyway, null, "configure", new Class<?>[] {ClassLoader.class}, classes);
      Class<?> type = configuration.getClass();
      String url =
          "jdbc:postgresql://%s:%d/%s"
              .formatted(
                  target.host(),
                  target.port(),
                  URLEncoder.encode(target.database(), StandardCharsets.UTF_8));
      Map<String, String> all = new HashMap<>(settings);
      all.put("flyway.url", url);
      all.put("flyway.user", target.user());
      all.put("flyway.password", target.password().map(Secret::reveal).orElse(""));
      all.put("flyway.locations", "filesystem:" + scripts.toAbsolutePath());
      call(type, configuration, "configuration", new Class<?>[] {Map.class}, all);
      Object loaded = call(type, configuration, "load", new Class<?>[0]);
      Object migrated = call(flyway, loaded, "migrate", new Class<?>[0]);
      call(flyway, loaded, "validate", new Class<?>[0]);
      return migrated.getClass().getField("migrationsExecuted").getInt(migrated);
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException("Flyway " + version, broken);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Object call(Class<?> type, Object on, String name, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    try {
      Method method = type.getMethod(name, types);
      return method.invoke(on, arguments);
    } catch (InvocationTargetException thrown) {
      throw new IllegalStateException(
          "Flyway " + version + ": " + thrown.getCause().getMessage(), thrown.getCause());
    }
  }
}
