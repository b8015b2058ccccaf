/** Stores policies: documents that a project sets as defaults and an instance as exceptions. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.policy;
