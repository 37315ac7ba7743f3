-- AlterTable
ALTER TABLE "credentials" ADD COLUMN     "person_id" UUID;
