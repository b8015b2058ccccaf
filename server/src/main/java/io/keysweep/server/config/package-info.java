/** Settings: from keysweep.yaml, KEYSWEEP_* variables and arguments; all problems at once or none. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.config;
