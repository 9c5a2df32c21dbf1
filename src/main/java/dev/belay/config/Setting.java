package dev.belay.config;

/**
 * One value and where it came from.
 *
 * @param name its name in {@code belay.yaml}, such as {@code folders.backups}
 * @param value the value as text; a secret is masked
 * @param source such as {@code default}, {@code PGHOST}, {@code --url} or {@code belay.yaml:12}
 */
public record Setting(String name, String value, String source) {}
