package io.keysweep.server.console.instance;

import io.keysweep.api.InstanceView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts the settings of an instance to a form and back: name, address, credentials, certificates, node map and
 * assist.
 *
 * <p>If the field of a password, a certificate or a key is empty, the current value is kept; the check box
 * {@code without-NAME} beside the field removes it. If any other field is empty, the setting is removed.
 */
final class SettingsForm {

    /** The field for assist (scans raise settings of the servers): true, false, or empty if the ceilings decide. */
    private static final String ASSIST = "assist";

    /** The fields whose values the form never shows. An empty field changes nothing. */
    static final List<String> NEVER_SHOWN =
            List.of("password", "sentinelPassword", "tlsCa", "tlsCertificate", "tlsKey");

    private SettingsForm() {}

    /** Returns the current values of the fields that the form shows. */
    static Map<String, String> of(InstanceView view) {
        Map<String, String> values = new HashMap<>();
        put(values, "name", view.name());
        put(values, "uri", view.uri());
        put(values, "username", view.username());
        put(values, "sentinelUsername", view.sentinelUsername());
        put(values, "nodeMap", view.nodeMap());
        put(values, ASSIST, view.assist() == null ? null : view.assist().toString());
        return values;
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        values.put(name, Objects.requireNonNullElse(value, ""));
    }

    /**
     * Returns the change that a form requests, as a document of the API. The document contains only fields with other
     * values than the current settings.
     */
    static ObjectNode change(Map<String, String> form, InstanceView currentSettings) {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        of(currentSettings).forEach((name, value) -> {
            String text = form.getOrDefault(name, value).strip();
            if (!text.equals(value)) {
                if (text.isEmpty()) {
                    change.putNull(name);
                } else if (name.equals(ASSIST) && (text.equals("true") || text.equals("false"))) {
                    change.put(name, Boolean.parseBoolean(text));
                } else {
                    change.put(name, text);
                }
            }
        });
        for (String name : NEVER_SHOWN) {
            // Browsers send a line break as CR and LF.
            String text = form.getOrDefault(name, "").replace("\r\n", "\n");
            if (!text.isBlank()) {
                change.put(name, name.startsWith("tls") ? text.strip() + "\n" : text);
            } else if (form.containsKey("without-" + name)) {
                change.putNull(name);
            }
        }
        return change;
    }

    /**
     * Returns the certificates that a form shows again after a refusal, because they are not secret. Leaves out a text
     * that contains a private key.
     */
    static Map<String, String> certificates(Map<String, String> form) {
        Map<String, String> certificates = new HashMap<>();
        for (String name : List.of("tlsCa", "tlsCertificate")) {
            String text = form.getOrDefault(name, "");
            if (!text.contains("PRIVATE KEY")) {
                certificates.put(name, text);
            }
        }
        return certificates;
    }

    /**
     * Returns the values that the form shows again after a refusal, without secrets, and without a URI that may have
     * one. A field that the submitted form does not have keeps its current value. For example, the button below the
     * advice sends only {@code assist}.
     */
    static Map<String, String> withoutSecrets(Map<String, String> form, InstanceView currentSettings) {
        Map<String, String> values = of(currentSettings);
        values.replaceAll((name, value) -> form.getOrDefault(name, value));
        // A URI with an @ can contain a password before it.
        values.computeIfPresent("uri", (name, uri) -> uri.contains("@") ? "" : uri);
        return values;
    }
}
