/** Examines servers before a sweep and reports findings, each with a suggested action. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.doctor;
