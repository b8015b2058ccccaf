/**
 * Loads and validates the settings of the service: from keysweep.yaml, KEYSWEEP_* variables and arguments.
 *
 * <p>{@link io.keysweep.server.config.SettingsLoader} loads them, and {@link io.keysweep.server.config.ServiceSettings}
 * contains the result.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.config;
