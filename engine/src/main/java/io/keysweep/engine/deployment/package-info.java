/** A whole deployment swept: its shards side by side, round after round until every slot is covered. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.deployment;
