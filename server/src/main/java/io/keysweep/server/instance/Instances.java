package io.keysweep.server.instance;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.engine.sweep.Inspection;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Registers, looks at and removes instances. Safe to share. */
@Service
public class Instances {

    private static final int MOST_URI = 4000;

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
    public Instance register(String projectId, InstanceRegistration body) {
        String name = body.name();
        if (name == null || name.isBlank() || name.length() > 64) {
            throw RequestRefusedException.parameter("name", name, "1 to 64 characters");
        }
        Deployment deployment = deployment(body);
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
     * Looks at all primaries of the instance, notes what was seen and gives it.
     *
     * @throws NodeRefusedException if one of them cannot be swept
     */
    public List<Inspection> inspect(Instance instance) {
        Deployment deployment = instance.deployment();
        try {
            List<Inspection> seen = deployment instanceof Deployment.Cluster
                    ? engine.discover(deployment).shards().stream()
                            .map(shard -> engine.inspect(deployment, shard))
                            .toList()
                    : List.of(engine.inspect(deployment));
            store.observe(instance.id(), observation(seen));
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
                            null,
                            problem.length() > 1000 ? problem.substring(0, 1000) : problem,
                            clock.instant()));
            throw e;
        }
    }

    private Observation observation(List<Inspection> seen) {
        Inspection first = seen.isEmpty() ? null : seen.getFirst();
        return new Observation(
                first == null ? null : first.profile().flavour().name(),
                first == null ? null : first.profile().version(),
                seen.stream().mapToLong(Inspection::usedMemory).sum(),
                seen.stream().mapToLong(Inspection::maxMemory).sum(),
                seen.size(),
                null,
                clock.instant());
    }

    private static Deployment deployment(InstanceRegistration body) {
        String uri = body.uri();
        if (uri == null || uri.length() > MOST_URI) {
            throw RequestRefusedException.parameter(
                    "uri", null, "redis://host:port, at most " + MOST_URI + " characters");
        }
        try {
            return DeploymentUri.parse(
                    uri,
                    new Credentials(body.username(), body.password()),
                    new Credentials(body.sentinelUsername(), body.sentinelPassword()),
                    body.nodeMap() == null ? NodeMap.NONE : NodeMap.parse(body.nodeMap()));
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.of(ErrorCode.INVALID_PARAMETER, "uri", String.valueOf(e.getMessage()));
        }
    }
}
