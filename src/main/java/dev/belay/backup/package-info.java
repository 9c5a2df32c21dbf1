/** Makes, lists, proves and removes backups. */
@NullMarked
package dev.belay.backup;

import org.jspecify.annotations.NullMarked;
