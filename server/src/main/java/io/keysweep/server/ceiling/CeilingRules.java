package io.keysweep.server.ceiling;

import io.keysweep.api.CeilingsDocument;
import io.keysweep.server.control.CeilingValues;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.control.Profile;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.instance.InstanceTags;
import io.keysweep.server.request.DocumentReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Contains the ceilings of one document. A project or an instance owns the document.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. The document of a project can also set
 * ceilings for the instances of the project with a certain tag.
 *
 * @param values ceilings of the instance, or of all instances of the project
 * @param tagCeilings ceilings of the instances that have a certain tag; empty if an instance owns the document
 */
record CeilingRules(CeilingValues values, List<Tagged> tagCeilings) {

    private static final List<String> FIELDS = List.of(
            "maxProfile",
            "maxShare",
            "maxRate",
            "namesStay",
            "maxLatencyMs",
            "maxReplicaLagBytes",
            "maxEvictions",
            "assist");

    private static final List<String> TAG_FIELDS = Stream.concat(
                    Stream.of("key", "value", "needsApproval"), FIELDS.stream())
            .toList();

    private static final String TAGS = "tags";
    private static final List<String> PROJECT_FIELDS =
            Stream.concat(FIELDS.stream(), Stream.of(TAGS)).toList();

    private static final int MAX_TAGS = 100;
    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_VALUE_LENGTH = 255;

    /** The highest ceiling that a client may set for a number of keys or bytes, far above any real value. */
    private static final long MAX_NUMBER = 1_000_000_000_000_000L;

    CeilingRules {
        tagCeilings = List.copyOf(tagCeilings);
    }

    /**
     * Contains the ceilings of the instances that have a tag.
     *
     * @param key key of the tag
     * @param value value of the tag, or null for every value
     * @param needsApproval whether a scan above a ceiling waits for an approval
     */
    record Tagged(String key, @Nullable String value, CeilingValues values, boolean needsApproval) {

        boolean matches(InstanceTags tags) {
            String tagValue = tags.values().get(key);
            return tagValue != null && (value == null || value.equals(tagValue));
        }

        /** Returns the owner of the ceilings for messages, such as {@code the tag env=prod}. */
        Phrase owner() {
            return Phrase.of("the tag {0}", key + (value == null ? "" : "=" + value));
        }
    }

    /**
     * Reads a document.
     *
     * @param ofProject true if a project owns the document, which may then contain ceilings of tags; false if an
     *     instance owns it
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    static CeilingRules read(@Nullable JsonNode document, boolean ofProject) {
        DocumentReader reader = DocumentReader.of(document, ofProject ? PROJECT_FIELDS : FIELDS);
        CeilingValues values = readValues(reader);
        List<Tagged> tagCeilings = new ArrayList<>();
        if (ofProject) {
            reader.objects(TAGS, MAX_TAGS, TAG_FIELDS)
                    .forEach(object -> readTagged(object).ifPresent(tagCeilings::add));
        }
        return reader.requireValid(() -> new CeilingRules(values, tagCeilings));
    }

    /** Reads the ceilings of one tag; empty if the key of the tag is missing or not valid. */
    private static Optional<Tagged> readTagged(DocumentReader object) {
        Optional<String> key = object.requiredText("key", "a text of 1 to 128 characters", text -> {
            if (text.isEmpty() || text.length() > MAX_KEY_LENGTH) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
        Optional<String> value = object.text("value", "a text of at most 255 characters", text -> {
            if (text.length() > MAX_VALUE_LENGTH) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
        CeilingValues values = readValues(object);
        boolean needsApproval = object.flag("needsApproval").orElse(false);
        return key.map(keyText -> new Tagged(keyText, value.orElse(null), values, needsApproval));
    }

    /**
     * Reads the ceilings of one owner; a ceiling that is left out is not set. An invalid value is recorded as a
     * problem, so that the document is refused.
     */
    private static CeilingValues readValues(DocumentReader reader) {
        return new CeilingValues(
                reader.text("maxProfile", "gentle, balanced or full", CeilingRules::parseProfile)
                        .orElse(null),
                reader.decimal("maxShare", "0.001", "1", Phrase.of("a number from 0.001 to 1"))
                        .map(BigDecimal::doubleValue)
                        .orElse(null),
                readWholeNumber(reader, "maxRate", "keys a second"),
                reader.flag("namesStay").orElse(false),
                reader.decimal("maxLatencyMs", "1", "60000", Phrase.of("milliseconds from 1 to 60000"))
                        .map(BigDecimal::doubleValue)
                        .orElse(null),
                readWholeNumber(reader, "maxReplicaLagBytes", "bytes"),
                readWholeNumber(reader, "maxEvictions", "keys a second"),
                reader.flag("assist").orElse(null));
    }

    /** Returns the profile with a name; throws the exception that {@link DocumentReader} expects if there is none. */
    private static Profile parseProfile(String name) {
        return Profile.ofWireName(name).orElseThrow(() -> new IllegalArgumentException(name));
    }

    private static @Nullable Long readWholeNumber(DocumentReader reader, String field, String unit) {
        return reader.wholeNumber(
                        field,
                        1,
                        MAX_NUMBER,
                        Phrase.of("a whole number of {0} from 1 to {1}", Phrase.of(unit), MAX_NUMBER))
                .orElse(null);
    }

    /** Returns these ceilings as a document, in which a field without a ceiling is null. */
    CeilingsDocument document() {
        return new CeilingsDocument(
                profileName(values),
                values.maxShare(),
                values.maxRate(),
                values.namesStay() ? true : null,
                values.maxLatencyMs(),
                values.maxReplicaLag(),
                values.maxEvictions(),
                values.assist(),
                tagCeilings.isEmpty()
                        ? null
                        : tagCeilings.stream().map(CeilingRules::document).toList());
    }

    private static CeilingsDocument.TagCeilings document(Tagged tag) {
        CeilingValues values = tag.values();
        return new CeilingsDocument.TagCeilings(
                tag.key(),
                tag.value(),
                profileName(values),
                values.maxShare(),
                values.maxRate(),
                values.namesStay() ? true : null,
                values.maxLatencyMs(),
                values.maxReplicaLag(),
                values.maxEvictions(),
                values.assist(),
                tag.needsApproval() ? true : null);
    }

    private static @Nullable String profileName(CeilingValues values) {
        Profile profile = values.maxProfile();
        return profile == null ? null : profile.wireName();
    }

    /**
     * Merges the ceilings that apply to an instance: the ceilings of its project and of its tags, and its own.
     *
     * @param project document of its project, or null if the project has none
     * @param instance document of the instance itself, or null if it has none
     * @param tags tags of the instance
     */
    static Ceilings merge(@Nullable CeilingRules project, @Nullable CeilingRules instance, InstanceTags tags) {
        List<Ceilings.Owned> ownedCeilings = new ArrayList<>();
        boolean needsApproval = false;
        if (project != null) {
            ownedCeilings.add(new Ceilings.Owned(Phrase.of("the project"), project.values()));
            for (Tagged tag : project.tagCeilings()) {
                if (tag.matches(tags)) {
                    ownedCeilings.add(new Ceilings.Owned(tag.owner(), tag.values()));
                    needsApproval |= tag.needsApproval();
                }
            }
        }
        if (instance != null) {
            ownedCeilings.add(new Ceilings.Owned(Phrase.of("the instance"), instance.values()));
        }
        return new Ceilings(ownedCeilings, needsApproval);
    }
}
