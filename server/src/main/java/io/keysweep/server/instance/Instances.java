package io.keysweep.server.instance;

import io.keysweep.engine.sweep.Inspection;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Registers, looks at and removes instances. Safe to share. */
@Service
public class Instances {

    private final InstanceStore store;
    private final SweepEngine engine;
    private final InstantSource clock;

    Instances(InstanceStore store, SweepEngine engine, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Registers a server and takes a first look; a server that cannot be swept now is registered all the same, with its
     * problem noted.
     *
     * @throws RequestRefusedException for a bad name or URI, or a name that is taken
     */
    Instance register(
            String projectId,
            @Nullable String name,
            @Nullable String uri,
            @Nullable String username,
            @Nullable String password) {
        if (name == null || name.isBlank() || name.length() > 64) {
            throw RequestRefusedException.parameter("name", name, "1 to 64 characters");
        }
        Deployment deployment = deployment(uri, username, password);
        Instance instance = new Instance(
                UUID.randomUUID(),
                projectId,
                name,
                DeploymentUri.redacted(deployment),
                deployment,
                null,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        try {
            store.insert(instance);
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(ErrorCode.NAME_TAKEN, "name is '" + name + "'.");
        }
        return look(instance);
    }

    /** Looks at the instance and notes what was seen; never throws for what is wrong with the server. */
    public Instance look(Instance instance) {
        try {
            inspect(instance);
        } catch (NodeRefusedException e) {
            // Noted by inspect.
        }
        return store.find(instance.id()).orElse(instance);
    }

    /**
     * Looks at the instance and notes what was seen.
     *
     * @throws NodeRefusedException if it cannot be swept
     */
    public Inspection inspect(Instance instance) {
        try {
            Inspection seen = engine.inspect(instance.deployment());
            store.observe(
                    instance.id(),
                    new Observation(
                            seen.profile().flavour().name(),
                            seen.profile().version(),
                            seen.usedMemory(),
                            seen.maxMemory(),
                            null,
                            clock.instant()));
            return seen;
        } catch (NodeRefusedException e) {
            String problem = String.valueOf(e.getMessage());
            store.observe(
                    instance.id(),
                    new Observation(
                            null,
                            null,
                            null,
                            null,
                            problem.length() > 1000 ? problem.substring(0, 1000) : problem,
                            clock.instant()));
            throw e;
        }
    }

    private static Deployment deployment(@Nullable String uri, @Nullable String username, @Nullable String password) {
        if (uri == null || uri.length() > 512) {
            throw RequestRefusedException.parameter("uri", null, "redis://host:port, at most 512 characters");
        }
        try {
            return DeploymentUri.parse(uri, username, password);
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.of(ErrorCode.INVALID_PARAMETER, "uri", String.valueOf(e.getMessage()));
        }
    }
}
