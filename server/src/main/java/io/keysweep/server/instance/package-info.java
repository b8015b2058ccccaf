/** The servers that a project has registered, and the secrets to reach them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.instance;
