package store

// What an active query reads besides its span: a list of incidents, of which
// those count that were created before From, which is ?2.
//
// Those that were active for more than a day have an index of their own; the
// others that reach over From were created less than a day before it. An
// incident that was merged comes with its target.
const (
	reachingIn = `WITH RECURSIVE earlier (key, id) AS (
SELECT key, id FROM incident INDEXED BY incident_lingering
WHERE active_until >= ?2 AND active_until - created_at > ` + aDay + ` AND created_at < ?2
UNION
SELECT key, id FROM incident INDEXED BY incident_by_creation
WHERE created_at >= ?2 - ` + aDay + ` AND created_at < ?2 AND active_until >= ?2
UNION
SELECT m.key, m.id FROM incident AS target INDEXED BY incident_by_creation` + mergedEarlier + `
WHERE target.created_at >= ?2 AND target.created_at < ?3
UNION
SELECT m.key, m.id FROM earlier AS target` + mergedEarlier + `
) `

	changedEarlier = `WITH RECURSIVE earlier (key, id) AS (
SELECT key, id FROM incident INDEXED BY incident_by_revision WHERE revision > ?1 AND created_at < ?3
UNION
SELECT m.key, m.id FROM earlier AS target` + mergedEarlier + `
) `

	mergedEarlier = ` CROSS JOIN incident AS m INDEXED BY incident_by_target
ON m.merged_into = target.id AND m.merged_into <> '' AND m.created_at < ?2`

	// In microseconds, as the index of lingering incidents has it.
	aDay = "86400000000"

	byKey        = " NOT INDEXED"
	whereEarlier = " WHERE i.key IN (SELECT key FROM earlier) AND i.created_at < ?2 ORDER BY i.created_at, i.id"
)
