package dev.belay.flyway;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** What Flyway finds in the locations of an app, without what is not to be run this time. */
final class SelectedScripts implements ResourceProvider {
  private static final List<String> CALLBACKS = List.of("before", "after", "createSchema");

  private final ResourceProvider all;
  private final Predicate<String> scripts;
  private final Predicate<String> callbacks;

  /**
   * @param scripts asked for the path of a migration from its location on
   * @param callbacks asked for the file name of a callback
   */
  SelectedScripts(ResourceProvider all, Predicate<String> scripts, Predicate<String> callbacks) {
    this.all = all;
    this.scripts = scripts;
    this.callbacks = callbacks;
  }

  /** Flyway asks so for the file of settings beside a script, and for what it is named in full. */
  @Override
  public @Nullable LoadableResource getResource(String name) {
    return all.getResource(name);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return all.getResources(prefix, suffixes).stream().filter(this::isSelected).toList();
  }

  private boolean isSelected(LoadableResource resource) {
    String name = resource.getFilename();
    return isCallback(name)
        ? callbacks.test(name)
        : scripts.test(resource.getRelativePath().replace('\\', '/'));
  }

  /** Named after the event that calls it, alone or with a description. */
  static boolean isCallback(String file) {
    String event = file.split("__|\\.", 2)[0];
    return CALLBACKS.stream().anyMatch(event::startsWith)
        && Arrays.stream(org.flywaydb.core.api.callback.Event.values())
            .anyMatch(known -> known.getId().equals(event));
  }

  /** Whether a callback belongs before something; what belongs after it may need it to be done. */
  static boolean isBefore(String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return !lower.startsWith("after") || lower.startsWith("afterconnect");
  }
}
