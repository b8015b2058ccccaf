/**
 * Stores policies: documents of rules, such as windows, that a project sets as the default of its instances and an
 * instance as its exception. The packages of the rules define what the documents contain.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.policy;
