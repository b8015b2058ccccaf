/**
 * Stores policies: documents of settings, such as windows, that a project sets as the default of its instances and an
 * instance as its exception. The package of each kind of policy defines what its documents contain.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.policy;
