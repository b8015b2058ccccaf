/**
 * Loads and validates the settings of the service: from keysweep.yaml, KEYSWEEP_* variables and arguments.
 *
 * <p>{@link io.keysweep.server.config.SettingsLoader} is the entry, and {@link
 * io.keysweep.server.config.ServiceSettings} the result.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.config;
