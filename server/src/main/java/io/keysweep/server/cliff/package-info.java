/**
 * Warns of cliffs in the forecasts of instances. A cliff is a time in which far more keys die (reach the end of their
 * TTL) than around it. Each cliff is announced once, although several forecasts show it.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.cliff;
