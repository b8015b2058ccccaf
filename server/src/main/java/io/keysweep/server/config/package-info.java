/** Loads and validates the settings of the service: from keysweep.yaml, KEYSWEEP_* variables and arguments. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.config;
