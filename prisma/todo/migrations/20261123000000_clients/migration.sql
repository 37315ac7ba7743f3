-- CreateEnum
CREATE TYPE "credential_state" AS ENUM ('planned', 'active', 'retiring', 'ended');

-- CreateTable
CREATE TABLE "clients" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "roles" TEXT[],
    "owner_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential_audit" (
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "credential" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "credential_audit_pkey" PRIMARY KEY ("seq")
);

-- AlterTable
ALTER TABLE "credentials" ADD COLUMN "client_id" UUID,
ADD COLUMN "fusionauth_id" UUID,
ADD COLUMN "state" "credential_state" NOT NULL DEFAULT 'active',
ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
ADD COLUMN "expires_at" TIMESTAMPTZ(3),
ADD COLUMN "ends_at" TIMESTAMPTZ(3);

-- Each key recorded so far becomes the one credential of a client, which keeps the todos that the key owned.
INSERT INTO "clients" ("id", "name", "roles", "owner_id", "created_at")
SELECT "id", 'key-' || right("id"::text, 12), "roles",
       coalesce("owner_id", (SELECT o."id" FROM "owners" o WHERE o."kind" = 'machine' AND o."subject" = c."subject" LIMIT 1)),
       "created_at"
  FROM "credentials" c;
UPDATE "credentials" SET "client_id" = "id";

-- AlterTable
ALTER TABLE "credentials" ALTER COLUMN "client_id" SET NOT NULL,
ALTER COLUMN "state" DROP DEFAULT,
DROP COLUMN "roles",
DROP COLUMN "owner_id";

-- CreateIndex
CREATE UNIQUE INDEX "clients_name_key" ON "clients"("name");

-- CreateIndex
CREATE INDEX "credentials_client_id_idx" ON "credentials"("client_id");

-- AddForeignKey
ALTER TABLE "clients" ADD CONSTRAINT "clients_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was written into the trail stays as it was. Prisma's schema language cannot express triggers.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever appended to';
END
$$;
CREATE TRIGGER "credential_audit_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "credential_audit"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
